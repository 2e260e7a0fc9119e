import { z } from 'zod'
import { criterionSchema } from './criterion.ts'
import { distributionSchema } from './distributions.ts'
import { estimateSchema, levelsSchema, operationSchema } from './operations.ts'

/** Most steps in one list of them. */
export const MAX_STEPS = 50
/** Most rounds of one Iterate. */
export const MAX_ROUNDS = 10_000

const uses = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(MAX_STEPS - 1),
  )
  .min(1)
  .max(16)
  .meta({
    description:
      'Places, in the same list of steps, of earlier steps that the node does once; their products are read beside the inputs.',
  })
  .optional()

const distribution = distributionSchema.optional()

const timeoutS = z
  .number()
  .int()
  .min(1)
  .max(30 * 24 * 3600)

const initializeSchema = z
  .strictObject({ kind: z.literal('Initialize'), operation: operationSchema, distribution })
  .meta({ id: 'Initialize', description: 'The node does the operation once, before anybody else.' })

const parallelSchema = z
  .strictObject({
    kind: z.literal('Parallel'),
    operation: operationSchema,
    distribution: distributionSchema,
    uses,
    minWorkers: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .meta({ description: 'How many workers must have completed before the next step begins; all of them unless told.' })
      .optional(),
    timeoutS: timeoutS
      .meta({ description: 'How long all workers are waited for; then the step goes on with at least minWorkers.' })
      .optional(),
  })
  .meta({ id: 'Parallel', description: 'All workers do the operation at the same time.' })

const sequentialSchema = z
  .strictObject({ kind: z.literal('Sequential'), operation: operationSchema, distribution, uses })
  .meta({ id: 'Sequential', description: 'One worker after the other does the operation on what the one before produced.' })

const roundRobinSchema = z.strictObject({ kind: z.literal('RoundRobin'), operation: operationSchema, distribution, uses }).meta({
  id: 'RoundRobin',
  description: 'As many products as workers travel round a ring of them; each meets every worker once.',
})

/** Fewest sites of a secure sum: of two, each would know the other's part. */
export const MIN_SECURE_SUM_SITES = 3

const secureSumSchema = z
  .strictObject({
    kind: z.literal('SecureSum'),
    operation: estimateSchema,
    levels: levelsSchema.default([]).meta({ description: 'The values of each key that is a feature by its values.' }),
    distribution,
    timeoutS: timeoutS
      .meta({ description: 'How long each worker is waited for when it is its turn; then the artifact has failed.' })
      .optional(),
  })
  .meta({
    id: 'SecureSum',
    description:
      'One worker after the other adds its summary to a sum under a mask that the first one makes and takes off in the end, so that nobody sees the summary of another. At least three workers.',
  })

const finalizeSchema = z.strictObject({ kind: z.literal('Finalize'), operation: operationSchema, uses }).meta({
  id: 'Finalize',
  description:
    'The node does the operation. What the last step produces is released to the researcher, else it goes to the next step.',
})

export type PlainStep =
  | z.infer<typeof initializeSchema>
  | z.infer<typeof parallelSchema>
  | z.infer<typeof sequentialSchema>
  | z.infer<typeof roundRobinSchema>
  | z.infer<typeof secureSumSchema>
  | z.infer<typeof finalizeSchema>

export type SecureSum = z.infer<typeof secureSumSchema>

export interface Iterate {
  kind: 'Iterate'
  rounds: number
  until?: z.infer<typeof criterionSchema> | undefined
  steps: Step[]
  distribution?: z.infer<typeof distributionSchema> | undefined
}

export type Step = PlainStep | Iterate

const iterateSchema = z
  .strictObject({
    kind: z.literal('Iterate'),
    rounds: z.number().int().min(1).max(MAX_ROUNDS),
    until: criterionSchema.optional(),
    get steps(): z.ZodType<Step[]> {
      return z.array(stepSchema).min(1).max(MAX_STEPS)
    },
    distribution: distributionSchema
      .meta({ description: 'How the products of the last round travel on; as those of the other rounds unless told.' })
      .optional(),
  })
  .meta({
    id: 'Iterate',
    description: 'Rounds over the steps; what a round produces is the input of the next, and of what follows after the last one.',
  })

/** One step of a plan: who does what, and how results travel on. */
export const stepSchema: z.ZodType<Step> = z
  .discriminatedUnion('kind', [
    initializeSchema,
    parallelSchema,
    sequentialSchema,
    roundRobinSchema,
    secureSumSchema,
    finalizeSchema,
    iterateSchema,
  ])
  .meta({ id: 'Step' })
