import { z } from 'zod'

const count = z.number().int().min(0)
const figure = z.number().nullable()
const interval = z.tuple([z.number(), z.number()])

/** A value that a key takes; null where it is missing. */
export const keyValueSchema = z.union([z.null(), z.boolean(), z.number(), z.string()])

/** A quantile and bounds that certainly hold; null where it falls among the outermost records of a site. */
export const quantileValueSchema = z.strictObject({ probability: z.number(), value: figure, lower: figure, upper: figure })

/**
 * Figures of one feature. When a site withheld it because it rests on too few values there, it is suppressed: every figure is null,
 * for what is left would not be the pooled table's.
 */
export const columnValueSchema = z.strictObject({
  name: z.string(),
  suppressed: z.boolean(),
  /** Sites that withheld it. */
  withheldAt: count,
  /** Values that are there. */
  count: count.nullable(),
  missing: count.nullable(),
  sum: figure.optional(),
  mean: figure.optional(),
  variance: figure.optional(),
  std: figure.optional(),
  minimum: figure.optional(),
  maximum: figure.optional(),
  quantiles: z.array(quantileValueSchema).optional(),
})

/** One group; suppressed, with null for its figures, when a site withheld it. */
export const groupValueSchema = z.strictObject({
  key: z.array(keyValueSchema),
  suppressed: z.boolean(),
  withheldAt: count,
  records: count.nullable(),
  columns: z.array(columnValueSchema),
})

/** Records that were selected, and the sites that they are at. */
const basis = { records: count, sites: count }

const columnsOf = <const Kind extends string, Column extends z.ZodType>(kind: Kind, column: Column) =>
  z.strictObject({ kind: z.literal(kind), columns: z.array(column), ...basis })

/** Groups that some site may not name are not among them: `unnamedAt` says at how many sites there are such. */
const groupsOf = <const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    kind: z.literal(kind),
    keys: z.array(z.string()),
    groups: z.array(groupValueSchema),
    unnamedAt: count,
    ...basis,
    ...shape,
  })

const test = z.strictObject({ statistic: z.number(), pValue: z.number() })
const tTestSchema = test.extend({ degreesOfFreedom: z.number(), difference: z.number(), interval })
const anovaSchema = test.extend({ betweenDegrees: z.number(), withinDegrees: z.number() })
/**
 * Why there is no test: a site withheld figures of a group; there are fewer groups than are compared, or more; a group has too few values;
 * no group varies, so that the statistic would be a difference over 0; values are too large to be squared.
 */
const untested = z.enum(['withheld', 'group_count', 'too_few_values', 'no_variance', 'too_large'])
const chiSquareSchema = test.extend({ degreesOfFreedom: count, smallestExpected: z.number(), cramersV: z.number() })
const fisherSchema = z.strictObject({ oddsRatio: figure, pValue: z.number() })
const logRankSchema = test.extend({ degreesOfFreedom: count })

const matrixOf = <const Kind extends string>(kind: Kind) =>
  z.strictObject({
    kind: z.literal(kind),
    features: z.array(z.string()),
    /** Row by row; null where a site withheld the pair, and where it is not defined. The correlation of a feature with itself is told with any other. */
    values: z.array(z.array(figure)),
    /** Records that have both values; null where a site withheld the pair: few have both, or few lack one of the two. */
    counts: z.array(z.array(count.nullable())),
    method: z.enum(['pearson', 'spearman']).optional(),
    ...basis,
  })

const survivalPointSchema = z.strictObject({
  time: z.number(),
  atRisk: count,
  events: count,
  censored: count,
  survival: z.number(),
  standardError: figure,
  interval: interval.nullable(),
})

const survivalGroupSchema = z.strictObject({
  key: z.array(keyValueSchema),
  suppressed: z.boolean(),
  withheldAt: count,
  /** Records with a time and an event. */
  records: count.nullable(),
  /** Records that lack one of them; null too where a site does not tell of which group those are that it has left. */
  missing: count.nullable(),
  median: figure,
  points: z.array(survivalPointSchema),
})

/** What is released of an estimator. */
export const statisticValueSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('Count'), count, sites: count }),
  columnsOf('Sum', columnValueSchema.required({ sum: true })),
  columnsOf('Mean', columnValueSchema.required({ mean: true })),
  columnsOf('Variance', columnValueSchema.required({ variance: true, std: true })),
  columnsOf('Missing', columnValueSchema),
  columnsOf('Extremes', columnValueSchema.required({ minimum: true, maximum: true })),
  columnsOf('Quantiles', columnValueSchema.required({ quantiles: true })),
  columnsOf('Describe', columnValueSchema.required({ mean: true, std: true, minimum: true, maximum: true, quantiles: true })),
  groupsOf('ValueCounts', {}),
  groupsOf('Histogram', { edges: z.array(z.number()) }),
  groupsOf('GroupBy', {}),
  groupsOf('TTest', { feature: z.string(), test: tTestSchema.nullable(), untested: untested.nullable() }),
  groupsOf('Anova', { feature: z.string(), test: anovaSchema.nullable(), untested: untested.nullable() }),
  z.strictObject({
    kind: z.literal('Contingency'),
    keys: z.tuple([z.string(), z.string()]),
    rowKeys: z.array(keyValueSchema),
    columnKeys: z.array(keyValueSchema),
    /** Null where a site withheld the cell. */
    counts: z.array(z.array(count.nullable())),
    unnamedAt: count,
    chiSquare: chiSquareSchema.nullable(),
    fisher: fisherSchema.nullable(),
    ...basis,
  }),
  z.strictObject({
    kind: z.literal('Proportion'),
    feature: z.string(),
    suppressed: z.boolean(),
    successes: count.nullable(),
    /** Records with any value. */
    count: count.nullable(),
    missing: count.nullable(),
    proportion: figure,
    interval: interval.nullable(),
    ...basis,
  }),
  matrixOf('Covariance'),
  matrixOf('Correlation'),
  z.strictObject({
    kind: z.literal('KaplanMeier'),
    keys: z.array(z.string()),
    groups: z.array(survivalGroupSchema),
    unnamedAt: count,
    logRank: logRankSchema.nullable(),
    ...basis,
  }),
])

export type StatisticValue = z.infer<typeof statisticValueSchema>
export type StatisticValueOf<Kind extends StatisticValue['kind']> = Extract<StatisticValue, { kind: Kind }>
export type ColumnValue = z.infer<typeof columnValueSchema>
export type GroupValue = z.infer<typeof groupValueSchema>
