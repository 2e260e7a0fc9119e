import { z } from 'zod'
import { resourceIdSchema } from '../ids.ts'

/** A stored resource: what it is called and how many sealed bytes it has. */
export const storedResourceSchema = z
  .strictObject({ id: resourceIdSchema, bytes: z.number().int().min(0), digest: z.string().regex(/^[0-9a-f]{64}$/) })
  .meta({ id: 'StoredResource' })
export type StoredResource = z.infer<typeof storedResourceSchema>
