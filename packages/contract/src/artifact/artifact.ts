import { z } from 'zod'
import { MAX_STEPS, type Step, stepSchema } from './steps.ts'

/** A plan: a list of steps, as plain JSON. It holds no code. */
export const artifactSchema = z
  .strictObject({
    label: z.string().max(200).default(''),
    steps: z.array(stepSchema).min(1).max(MAX_STEPS),
  })
  .meta({ id: 'Artifact' })

export interface Artifact {
  label: string
  steps: Step[]
}
