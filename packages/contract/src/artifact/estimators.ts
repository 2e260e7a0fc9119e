import { z } from 'zod'
import { scalarSchema } from '../query/expression.ts'
import { featureListSchema, repeatedIn } from '../query/feature-list.ts'
import { featureNameSchema } from '../query/feature-name.ts'

const features = featureListSchema
const fewFeatures = features.max(100).meta({ uniqueItems: true })
const ascending = (values: readonly number[]) => values.every((value, index) => index === 0 || values[index - 1]! < value)
const edges = z.array(z.number()).min(2).max(1001).refine(ascending, 'edges ascend')
const probabilities = z.array(z.number().min(0).max(1)).min(1).max(1000)

/** What records are grouped by: the values of a feature, bins of a number, or whether it has a value. */
export const groupKeySchema = z
  .union([
    z.strictObject({ feature: featureNameSchema }),
    z.strictObject({ feature: featureNameSchema, edges }),
    z.strictObject({ feature: featureNameSchema, equals: scalarSchema }),
  ])
  .meta({
    id: 'GroupKey',
    description:
      'A feature by its values; with edges by bins (the number of the bin, lower edge included, and the upper one of the last); with equals by true and false. What is outside of all bins is the group "outside", and what is missing the group null.',
  })

const groupKeysSchema = z
  .array(groupKeySchema)
  .min(1)
  .max(4)
  .superRefine((keys, context) => {
    for (const twice of repeatedIn(keys.map((key) => JSON.stringify(key))))
      context.addIssue({ code: 'custom', message: `the key ${twice} is named more than once` })
  })
  .meta({ uniqueItems: true })

const ofFeatures = <const Kind extends string>(kind: Kind, description: string) =>
  z.strictObject({ kind: z.literal(kind), features }).meta({ id: kind, description })

const countSchema = z.strictObject({ kind: z.literal('Count') }).meta({ id: 'Count', description: 'Number of records.' })
const sumSchema = ofFeatures('Sum', 'Sum of each feature.')
const meanSchema = ofFeatures('Mean', 'Arithmetic mean of each feature; missing values are left out.')
const varianceSchema = ofFeatures('Variance', 'Variance (n − 1) and standard deviation of each feature.')
const missingSchema = ofFeatures('Missing', 'Number of missing values of each feature, of any type.')
const extremesSchema = ofFeatures(
  'Extremes',
  'For each feature a value that enough records of one site do not exceed, and one that they reach: never the extreme of one record.',
)
const quantilesSchema = z
  .strictObject({ kind: z.literal('Quantiles'), features, probabilities })
  .meta({ id: 'Quantiles', description: 'Quantiles of each feature with bounds that hold.' })
const describeSchema = ofFeatures(
  'Describe',
  "Count, mean, std, guarded extremes and quartiles, as pandas' describe; of texts the counts.",
)

const groupStatisticSchema = z.discriminatedUnion('kind', [
  sumSchema,
  meanSchema,
  varianceSchema,
  missingSchema,
  extremesSchema,
  quantilesSchema,
  describeSchema,
])

const group = groupKeySchema

/** Estimators of the plan language. `supported.ts` says which of them this version runs. */
export const estimatorSchema = z
  .discriminatedUnion('kind', [
    countSchema,
    ...groupStatisticSchema.options,
    z
      .strictObject({ kind: z.literal('ValueCounts'), feature: featureNameSchema })
      .meta({ id: 'ValueCounts', description: 'Records by value of a feature.' }),
    z
      .strictObject({ kind: z.literal('Histogram'), feature: featureNameSchema, edges })
      .meta({ id: 'Histogram', description: 'Records by bin of a feature.' }),
    z
      .strictObject({
        kind: z.literal('GroupBy'),
        keys: groupKeysSchema,
        statistics: z.array(groupStatisticSchema).max(8).default([]),
      })
      .meta({ id: 'GroupBy', description: 'Number of records, and statistics of features, by group.' }),
    z
      .strictObject({ kind: z.literal('Contingency'), rows: group, columns: group })
      .meta({ id: 'Contingency', description: 'Counts by two keys, with χ², and Fisher’s exact test for 2 × 2.' }),
    z
      .strictObject({
        kind: z.literal('TTest'),
        feature: featureNameSchema,
        group,
        equalVariances: z.boolean().default(false),
      })
      .superRefine((asked, context) => {
        if ('edges' in asked.group && asked.group.edges.length > 3)
          context.addIssue({
            code: 'custom',
            path: ['group', 'edges'],
            message: `a t-test compares two groups: at most two bins, not ${asked.group.edges.length - 1}`,
          })
      })
      .meta({ id: 'TTest', description: 'Welch’s t-test of two groups; Student’s with equalVariances.' }),
    z
      .strictObject({ kind: z.literal('Anova'), feature: featureNameSchema, group })
      .meta({ id: 'Anova', description: 'One-way analysis of variance.' }),
    z.strictObject({ kind: z.literal('Proportion'), feature: featureNameSchema, value: scalarSchema }).meta({
      id: 'Proportion',
      description: 'Share of the records with this value among those with any, with Wilson’s interval.',
    }),
    z
      .strictObject({ kind: z.literal('Covariance'), features: fewFeatures })
      .meta({ id: 'Covariance', description: 'Covariances (n − 1) of each pair over the records that have both.' }),
    z
      .strictObject({
        kind: z.literal('Correlation'),
        features: fewFeatures,
        method: z.enum(['pearson', 'spearman']).default('pearson'),
        quantiles: z.array(z.array(z.number()).max(1000)).max(100).optional(),
      })
      .meta({
        id: 'Correlation',
        description:
          'Correlation of each pair. spearman: of ranks among these quantiles of each feature, which are those of the pooled table, ascending.',
      }),
    z
      .strictObject({
        kind: z.literal('KaplanMeier'),
        time: featureNameSchema,
        event: featureNameSchema,
        group: group.optional(),
        grid: z.array(z.number().gt(0)).min(1).max(1000).refine(ascending, 'the grid ascends'),
      })
      .superRefine(({ time, event }, context) => {
        if (time === event)
          context.addIssue({ code: 'custom', path: ['event'], message: `the feature "${time}" is the time already` })
      })
      .meta({
        id: 'KaplanMeier',
        description:
          'Survival over a grid of times, and the log-rank test where there are groups. The event is 1 or true where it happened, 0 or false where observation ended without; any other value and a time below 0 are refused.',
      }),
  ])
  .meta({ id: 'Estimator' })

export type Estimator = z.infer<typeof estimatorSchema>
export type EstimatorOf<Kind extends Estimator['kind']> = Extract<Estimator, { kind: Kind }>
export type GroupKey = z.infer<typeof groupKeySchema>
export type GroupStatistic = z.infer<typeof groupStatisticSchema>
