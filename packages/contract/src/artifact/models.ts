import { z } from 'zod'

const forestSchema = z
  .strictObject({
    kind: z.literal('FederatedRandomForestClassifier'),
    nEstimators: z.number().int().min(1).max(10_000).default(100),
    criterion: z.enum(['gini', 'entropy']).default('gini'),
    maxDepth: z.number().int().min(1).max(1000).nullable().default(null),
    minSamplesSplit: z.number().int().min(2).default(2),
    minSamplesLeaf: z.number().int().min(1).default(1),
    maxFeatures: z.union([z.enum(['sqrt', 'log2']), z.number().int().min(1), z.null()]).default('sqrt'),
    bootstrap: z.boolean().default(true),
    maxSamples: z.number().gt(0).max(1).nullable().default(null),
    randomState: z.number().int().min(0).max(0xffffffff).default(0),
  })
  .meta({
    id: 'FederatedRandomForestClassifier',
    description: "A random forest; parameters as scikit-learn's RandomForestClassifier.",
  })

const linearSchema = z
  .strictObject({ kind: z.literal('FederatedLinearRegression'), fitIntercept: z.boolean().default(true) })
  .meta({ id: 'FederatedLinearRegression' })
const logisticSchema = z
  .strictObject({
    kind: z.literal('FederatedLogisticRegression'),
    penalty: z.enum(['l2', 'none']).default('l2'),
    c: z.number().gt(0).default(1),
  })
  .meta({ id: 'FederatedLogisticRegression' })

/** Models of the plan language, under scikit-learn's names. `supported.ts` says which of them this version trains. */
export const modelSchema = z.discriminatedUnion('kind', [forestSchema, linearSchema, logisticSchema]).meta({ id: 'Model' })

export type Model = z.infer<typeof modelSchema>
export type FederatedRandomForestClassifier = z.infer<typeof forestSchema>
