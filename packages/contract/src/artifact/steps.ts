import { z } from 'zod'
import { distributionSchema } from './distributions.ts'
import { operationSchema } from './operations.ts'

const single = <const Kind extends string>(kind: Kind, description: string) =>
  z
    .strictObject({ kind: z.literal(kind), operation: operationSchema, distribution: distributionSchema.optional() })
    .meta({ id: kind, description })

const finalizeSchema = z
  .strictObject({ kind: z.literal('Finalize'), operation: operationSchema })
  .meta({ id: 'Finalize', description: 'The node does the operation; what it produces is released to the researcher.' })

const parallelSchema = z
  .strictObject({ kind: z.literal('Parallel'), operation: operationSchema, distribution: distributionSchema })
  .meta({ id: 'Parallel', description: 'All workers do the operation at the same time.' })

const initializeSchema = single('Initialize', 'The initiator does the operation once, before the workers.')
const sequentialSchema = single('Sequential', 'The workers do the operation one after the other.')
const roundRobinSchema = single('RoundRobin', 'The workers do the operation in a ring.')

type PlainStep =
  | z.infer<typeof initializeSchema>
  | z.infer<typeof parallelSchema>
  | z.infer<typeof sequentialSchema>
  | z.infer<typeof roundRobinSchema>
  | z.infer<typeof finalizeSchema>

export type Step = PlainStep | { kind: 'Iterate'; rounds: number; steps: Step[] }

const iterateSchema = z
  .strictObject({
    kind: z.literal('Iterate'),
    rounds: z.number().int().min(1).max(10_000),
    get steps(): z.ZodType<Step[]> {
      return z.array(stepSchema).min(1).max(50)
    },
  })
  .meta({ id: 'Iterate', description: 'Rounds over the steps; what a round produces is the input of the next.' })

/** One step of a plan: who does what, and how results travel on. */
export const stepSchema: z.ZodType<Step> = z
  .discriminatedUnion('kind', [
    initializeSchema,
    parallelSchema,
    sequentialSchema,
    roundRobinSchema,
    finalizeSchema,
    iterateSchema,
  ])
  .meta({ id: 'Step' })
