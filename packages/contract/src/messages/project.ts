import { z } from 'zod'

/** `disabled`: nobody opens it, submits to it or attaches data to it until the operator enables it again. */
export const projectStateSchema = z.enum(['active', 'disabled']).meta({ id: 'ProjectState' })
export type ProjectState = z.infer<typeof projectStateSchema>
