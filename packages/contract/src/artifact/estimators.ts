import { z } from 'zod'

const features = z.array(z.string().min(1).max(200)).min(1).max(1000)

const countSchema = z.strictObject({ kind: z.literal('Count') }).meta({ id: 'Count', description: 'Number of records.' })
const meanSchema = z
  .strictObject({ kind: z.literal('Mean'), features })
  .meta({ id: 'Mean', description: 'Arithmetic mean of each feature; missing values are left out.' })
const described = <const Kind extends string>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), features }).meta({ id: kind })

/** Estimators of the plan language. `supported.ts` says which of them this version runs. */
export const estimatorSchema = z
  .discriminatedUnion('kind', [
    countSchema,
    meanSchema,
    described('Sum'),
    described('Variance'),
    described('Quantiles'),
    described('Histogram'),
    described('GroupCount'),
    described('GroupMean'),
  ])
  .meta({ id: 'Estimator' })

export type Estimator = z.infer<typeof estimatorSchema>
