import { z } from 'zod'
import { featureListSchema, repeatedIn } from '../query/feature-list.ts'

/** A share, or a number of records; one record is no part to test on, so that 1 is neither. */
const size = z.union([z.number().gt(0).lt(1), z.number().int().min(2).max(1e9)])

const shareOf = (size: number | null) => (size !== null && size < 1 ? size : 0)

const splitterSchema = z
  .strictObject({
    kind: z.literal('FederatedSplitter'),
    testSize: size.nullable().default(null).meta({
      description:
        'Below 1 a share of the records, else a number of them; null: all that is not trained on, or a quarter where trainSize is not told either.',
    }),
    trainSize: size.optional().meta({ description: 'Likewise; left out: all that is not kept for the test.' }),
    stratify: z.boolean().default(true),
    randomState: z.number().int().min(0).max(0xffffffff).default(0),
  })
  .refine(({ testSize, trainSize = null }) => shareOf(testSize) + shareOf(trainSize) <= 1, {
    path: ['trainSize'],
    message: 'testSize and trainSize together are more than all records',
  })
  .meta({
    id: 'FederatedSplitter',
    description:
      'Splits the records of each site into training and test, stratified by the label. It depends on what records hold, not on their order.',
  })

const listed = (values: unknown, features: readonly string[] | undefined) =>
  !Array.isArray(values) || values.length === features?.length
const category = z.union([z.number(), z.string().max(500)])

const features = featureListSchema
  .meta({ description: 'The columns it works on; left out, all that it can work on, but never the label.' })
  .optional()
const fit = z.enum(['federated', 'local']).default('federated').meta({
  description: 'Over all sites, or at each site by itself; what is fitted there never leaves it. Only training records count.',
})

const standardScalerSchema = z
  .strictObject({
    kind: z.literal('FederatedStandardScaler'),
    features,
    fit,
    withMean: z.boolean().default(true),
    withStd: z.boolean().default(true),
  })
  .meta({ id: 'FederatedStandardScaler', description: '(x - mean) / standard deviation.' })

const minMaxScalerSchema = z
  .strictObject({
    kind: z.literal('FederatedMinMaxScaler'),
    features,
    fit,
    featureRange: z
      .tuple([z.number(), z.number()])
      .refine(([lower, upper]) => lower < upper, 'the range ends above its beginning')
      .default([0, 1]),
    clip: z.boolean().default(false),
  })
  .meta({
    id: 'FederatedMinMaxScaler',
    description:
      'Brings the least value to the lower end of the range and the greatest to its upper end; over the federation the outermost bins of enough records stand for the two.',
  })

const robustScalerSchema = z
  .strictObject({
    kind: z.literal('FederatedRobustScaler'),
    features,
    fit,
    quantileRange: z
      .tuple([z.number().min(0).max(100), z.number().min(0).max(100)])
      .refine(([from, to]) => from < to, 'the range ends above its beginning')
      .default([25, 75]),
    withCentering: z.boolean().default(true),
    withScaling: z.boolean().default(true),
    unitVariance: z.boolean().default(false),
  })
  .refine(({ quantileRange: [from, to], unitVariance }) => !unitVariance || (from > 0 && to < 100), {
    path: ['quantileRange'],
    message: 'with unitVariance the range lies within 0 and 100: a normal distribution has no ends',
  })
  .meta({
    id: 'FederatedRobustScaler',
    description:
      '(x - median) / range between two quantiles, in percent; with unitVariance by the range over that of a standard normal distribution.',
  })

const clampSchema = z
  .strictObject({
    kind: z.literal('FederatedClamp'),
    features,
    lower: z.number().nullable().default(null),
    upper: z.number().nullable().default(null),
  })
  .refine(({ lower, upper }) => lower === null || upper === null || lower <= upper, 'upper is not below lower')
  .meta({ id: 'FederatedClamp', description: 'Puts what is below lower to it, and what is above upper to it.' })

const binarizerSchema = z
  .strictObject({ kind: z.literal('FederatedBinarizer'), features, threshold: z.number().default(0) })
  .meta({ id: 'FederatedBinarizer', description: '1 above the threshold, else 0.' })

const bins = z.number().int().min(2).max(1000)

const kBinsSchema = z
  .strictObject({
    kind: z.literal('FederatedKBinsDiscretizer'),
    features,
    fit,
    nBins: z
      .union([bins, z.array(bins).min(1).max(1000)])
      .default(5)
      .meta({ description: 'One number for all columns, or one for each of features.' }),
    strategy: z.enum(['uniform', 'quantile', 'kmeans']).default('quantile'),
    encode: z.enum(['ordinal', 'onehot']).default('onehot'),
  })
  .refine(({ nBins, features }) => listed(nBins, features), {
    path: ['nBins'],
    message: 'nBins is one number, or one for each of features',
  })
  .meta({ id: 'FederatedKBinsDiscretizer', description: 'The number of the bin that a value is in, or one column for each bin.' })

const imputerSchema = z
  .strictObject({
    kind: z.literal('FederatedSimpleImputer'),
    features,
    fit,
    strategy: z.enum(['mean', 'median', 'most_frequent', 'constant']).default('mean'),
    fillValue: category.nullable().default(null).meta({ description: 'With constant; null: 0.' }),
    missingValues: category
      .nullable()
      .default(null)
      .meta({ description: 'A value that stands for none, beside cells without one; null: no such value.' }),
    addIndicator: z.boolean().default(false).meta({
      description:
        'A column missingindicator_<name> for each column, after all others: 1 where the value is missing, else 0. Every column has one, whether or not it lacks values, so that all sites have the same.',
    }),
    keepEmptyFeatures: z.boolean().default(false).meta({
      description: 'A column of numbers of which no site has enough values becomes 0; without, the plan stops and names it.',
    }),
  })
  .meta({ id: 'FederatedSimpleImputer', description: 'Puts a value where one is missing.' })

const categoryList = z
  .array(category)
  .min(1)
  .max(1000)
  .superRefine((categories, context) => {
    for (const twice of repeatedIn(categories))
      context.addIssue({ code: 'custom', message: `the category ${JSON.stringify(twice)} is named more than once` })
  })
  .meta({ uniqueItems: true })

const categories = z
  .array(categoryList)
  .min(1)
  .max(1000)
  .meta({ description: 'The categories of each feature, in the order of features; left out, those that occur.' })
  .optional()

const declared = ({ features, categories }: { features?: string[] | undefined; categories?: unknown[] | undefined }) =>
  listed(categories, features)
const undeclared = { path: ['categories'], message: 'categories are one list for each of features' }
const frequency = z.union([z.number().gt(0).lt(1), z.number().int().min(1).max(1e9)])
const rarity = {
  minFrequency: frequency
    .nullable()
    .default(null)
    .meta({ description: 'Below 1 a share of the records, else a number of them.' }),
  maxCategories: z.number().int().min(1).max(10_000).nullable().default(null),
}

const oneHotSchema = z
  .strictObject({
    kind: z.literal('FederatedOneHotEncoder'),
    features,
    fit,
    categories,
    handleUnknown: z.enum(['error', 'ignore', 'infrequent_if_exist']).default('error'),
    ...rarity,
    drop: z
      .union([z.enum(['first', 'if_binary']), z.array(category).min(1).max(1000)])
      .nullable()
      .default(null)
      .meta({ description: 'The column that is left out: of the first category, or of this one of each of features.' }),
  })
  .refine(declared, undeclared)
  .refine(({ drop, features }) => listed(drop, features), {
    path: ['drop'],
    message: 'drop is one category for each of features',
  })
  .meta({
    id: 'FederatedOneHotEncoder',
    description: 'One column for each category; rare ones, and those that no site has enough records of, share a column.',
  })

const ordinalSchema = z
  .strictObject({
    kind: z.literal('FederatedOrdinalEncoder'),
    features,
    fit,
    categories,
    handleUnknown: z.enum(['error', 'use_encoded_value']).default('error'),
    ...rarity,
    unknownValue: z.number().nullable().default(null).meta({ description: 'With use_encoded_value; null: missing.' }),
    encodedMissingValue: z.number().nullable().default(null).meta({ description: 'Null: missing stays missing.' }),
  })
  .refine(declared, undeclared)
  .refine(({ handleUnknown, unknownValue }) => handleUnknown === 'use_encoded_value' || unknownValue === null, {
    path: ['unknownValue'],
    message: 'it is used with handleUnknown: use_encoded_value alone',
  })
  .meta({
    id: 'FederatedOrdinalEncoder',
    description:
      'The place of a value among the sorted categories; rare ones, and those that no site has enough records of, share the last place.',
  })

const labelBinarizerSchema = z
  .strictObject({
    kind: z.literal('FederatedLabelBinarizer'),
    features,
    fit,
    categories,
    negLabel: z.number().default(0),
    posLabel: z.number().default(1),
  })
  .refine(declared, undeclared)
  .refine(({ negLabel, posLabel }) => negLabel < posLabel, { path: ['negLabel'], message: 'negLabel is less than posLabel' })
  .meta({ id: 'FederatedLabelBinarizer', description: 'One column for each category; two categories are one column.' })

const columnTransformers = [
  standardScalerSchema,
  minMaxScalerSchema,
  robustScalerSchema,
  clampSchema,
  binarizerSchema,
  kBinsSchema,
  imputerSchema,
  oneHotSchema,
  ordinalSchema,
  labelBinarizerSchema,
] as const

/** A transformer that works on columns, each by itself. */
export const columnTransformerSchema = z.discriminatedUnion('kind', columnTransformers).meta({ id: 'ColumnTransformer' })
export type ColumnTransformer = z.infer<typeof columnTransformerSchema>
/** A transformer in which what has a default may be left out. */
export type ColumnTransformerInput = z.input<typeof columnTransformerSchema>

export interface FederatedPipeline {
  kind: 'FederatedPipeline'
  transformers: (ColumnTransformer | FederatedPipeline)[]
}

const pipelineSchema = z
  .strictObject({
    kind: z.literal('FederatedPipeline'),
    get transformers(): z.ZodType<FederatedPipeline['transformers']> {
      return z
        .array(z.discriminatedUnion('kind', [...columnTransformers, pipelineSchema]))
        .min(1)
        .max(100)
    },
  })
  .meta({ id: 'FederatedPipeline', description: 'Transformers, one after the other; a pipeline may hold others.' })

/** Transformers of the plan language, under scikit-learn's names. `supported.ts` says which of them this version runs. */
export const transformerSchema = z
  .discriminatedUnion('kind', [splitterSchema, pipelineSchema, ...columnTransformers])
  .meta({ id: 'Transformer' })

export type Transformer = z.infer<typeof transformerSchema>
export type FederatedSplitter = z.infer<typeof splitterSchema>

/** The transformers of stages in the order in which they are applied: pipelines are taken apart, and what works on no column is left out. */
export function columnTransformersOf(stages: readonly { readonly kind: string }[]): ColumnTransformer[] {
  return (stages as readonly Transformer[]).flatMap((stage) => {
    if (stage.kind === 'FederatedPipeline') return columnTransformersOf(stage.transformers)
    return columnKinds.has(stage.kind) ? [stage as ColumnTransformer] : []
  })
}

const columnKinds: ReadonlySet<string> = new Set(columnTransformers.map((schema) => schema.shape.kind.value))
