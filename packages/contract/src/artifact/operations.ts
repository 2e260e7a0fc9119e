import { z } from 'zod'
import { scalarSchema } from '../query/expression.ts'
import { featureNameSchema } from '../query/feature-name.ts'
import { querySchema } from '../query/query.ts'
import { estimatorSchema } from './estimators.ts'
import { modelSchema } from './models.ts'

/** Most values of a key that can be agreed before a secure sum. */
export const MAX_LEVELS = 10_000

/** Values that features may take, agreed before anything is summed. */
export const levelsSchema = z
  .array(z.strictObject({ feature: featureNameSchema, values: z.array(scalarSchema).min(1).max(MAX_LEVELS) }))
  .max(4)
  .meta({ id: 'Levels' })
export type Levels = z.infer<typeof levelsSchema>

/** What is computed of the selected records, as `Estimate` says. */
export const estimateSchema = z
  .strictObject({ kind: z.literal('Estimate'), estimator: estimatorSchema, query: querySchema })
  .meta({ id: 'Estimate', description: 'Computes the mergeable summary of an estimator over the selected records.' })

const modelOperation = <const Kind extends string>(kind: Kind, description: string) =>
  z
    .strictObject({ kind: z.literal(kind), model: modelSchema, label: featureNameSchema, query: querySchema })
    .meta({ id: kind, description })

const aggregationSchema = z
  .strictObject({ kind: z.literal('Aggregation'), strategy: z.enum(['merge', 'mean', 'majority']) })
  .meta({
    id: 'Aggregation',
    description: 'Combines what the step before produced. merge: summaries are merged, forests are united.',
  })

const fitSchema = z
  .strictObject({
    kind: z.literal('Fit'),
    label: featureNameSchema,
    query: querySchema,
    round: z
      .number()
      .int()
      .min(1)
      .max(100)
      .meta({ description: 'Which transformers: those that can be fitted once the rounds before have been.' }),
  })
  .meta({
    id: 'Fit',
    description:
      'Summarises the training records, as far as the transformers of a round need it, after the transformers of the rounds before, whose products it uses.',
  })

const passSchema = z.strictObject({ kind: z.literal('Pass') }).meta({
  id: 'Pass',
  description:
    'Hands on what it was given: one product, or several that are the same; an empty one where there is none. It reads no data.',
})

/** What a job does. `supported.ts` says which operations this version runs. */
export const operationSchema = z
  .discriminatedUnion('kind', [
    estimateSchema,
    modelOperation('Train', 'Trains a model on all selected records.'),
    modelOperation('TrainTest', 'Splits the selected records, trains a model on one part and tests it on the other.'),
    modelOperation('Test', 'Tests the model that the step before produced.'),
    modelOperation('CrossValidation', 'Trains and tests a model fold by fold.'),
    fitSchema,
    aggregationSchema,
    passSchema,
  ])
  .meta({ id: 'Operation' })

const secureSumJobSchema = z
  .strictObject({
    kind: z.literal('SecureSum'),
    part: z.enum(['mask', 'add', 'unmask']),
    estimator: estimatorSchema,
    query: querySchema,
    levels: levelsSchema,
  })
  .meta({
    id: 'SecureSumJob',
    description:
      'A part of the step SecureSum. mask: random numbers, for their maker alone. add: the input and what the records add to it. unmask: the input without the mask, which is used.',
  })

/** What one component does of a step: the step's operation, or its part in it where the parts differ. */
export const jobOperationSchema = z
  .discriminatedUnion('kind', [...operationSchema.options, secureSumJobSchema])
  .meta({ id: 'JobOperation' })

export type Operation = z.infer<typeof operationSchema>
export type JobOperation = z.infer<typeof jobOperationSchema>
export type SecureSumJob = z.infer<typeof secureSumJobSchema>
export type TrainTest = Extract<Operation, { kind: 'TrainTest' }>
export type Estimate = Extract<Operation, { kind: 'Estimate' }>
export type Fit = Extract<Operation, { kind: 'Fit' }>
export type Aggregation = Extract<Operation, { kind: 'Aggregation' }>
