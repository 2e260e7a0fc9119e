import { z } from 'zod'

const features = z.array(z.string().min(1).max(200)).min(1).max(1000)

const splitterSchema = z
  .strictObject({
    kind: z.literal('FederatedSplitter'),
    testSize: z.number().gt(0).lt(1).default(0.25),
    stratify: z.boolean().default(true),
    randomState: z.number().int().min(0).max(0xffffffff).default(0),
  })
  .meta({
    id: 'FederatedSplitter',
    description: 'Splits the records of each site into training and test; testSize is the share of the test.',
  })

const described = <const Kind extends string>(kind: Kind, shape: Record<string, z.ZodType> = {}) =>
  z.strictObject({ kind: z.literal(kind), features: features.optional(), ...shape }).meta({ id: kind })

/** Transformers of the plan language, under scikit-learn's names. `supported.ts` says which of them this version runs. */
export const transformerSchema = z
  .discriminatedUnion('kind', [
    splitterSchema,
    described('FederatedStandardScaler'),
    described('FederatedMinMaxScaler'),
    described('FederatedSimpleImputer', { strategy: z.enum(['mean', 'median', 'most_frequent', 'constant']).default('mean') }),
    described('FederatedOneHotEncoder'),
    described('FederatedKBinsDiscretizer', { nBins: z.number().int().min(2).max(1000).default(5) }),
    described('FederatedBinarizer', { threshold: z.number().default(0) }),
    described('FederatedDrop'),
  ])
  .meta({ id: 'Transformer' })

export type Transformer = z.infer<typeof transformerSchema>
export type FederatedSplitter = z.infer<typeof splitterSchema>
