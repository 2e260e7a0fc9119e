import { z } from 'zod'
import { type Step, stepSchema } from './steps.ts'

/** A plan: a list of steps, as plain JSON. It holds no code. */
export const artifactSchema = z
  .strictObject({
    label: z.string().max(200).default(''),
    steps: z.array(stepSchema).min(1).max(50),
  })
  .meta({ id: 'Artifact' })

export interface Artifact {
  label: string
  steps: Step[]
}
