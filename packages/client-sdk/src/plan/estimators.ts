import { defaultRandomForestParams } from '@flotta/algorithms'
import * as contract from '@flotta/contract'
import { checkedPart } from './checked-part.ts'
import { estimateSteps, type RouteOptions } from './estimate-steps.ts'

/** An estimator as the plan language has it; `getSteps()` gives the steps that compute it over the records of a query. */
export type PlannedEstimator<Kind extends contract.Estimator['kind']> = contract.EstimatorOf<Kind> & {
  getSteps(query?: contract.Query, options?: RouteOptions): contract.Step[]
}

interface OfFeatures {
  readonly features: readonly string[]
}

/** Number of records. */
export function Count(): PlannedEstimator<'Count'> {
  return planned({ kind: 'Count' })
}

/** Sum of each feature; missing values are left out. */
export function Sum({ features }: OfFeatures): PlannedEstimator<'Sum'> {
  return planned({ kind: 'Sum', features: [...features] })
}

/** Arithmetic mean of each feature; missing values are left out. */
export function Mean({ features }: OfFeatures): PlannedEstimator<'Mean'> {
  return planned({ kind: 'Mean', features: [...features] })
}

/** Variance with n − 1, and standard deviation, of each feature. */
export function Variance({ features }: OfFeatures): PlannedEstimator<'Variance'> {
  return planned({ kind: 'Variance', features: [...features] })
}

/** Number of missing values of each feature, of any type. */
export function Missing({ features }: OfFeatures): PlannedEstimator<'Missing'> {
  return planned({ kind: 'Missing', features: [...features] })
}

/** Values that enough records of one site stay below or reach: guarded minima and maxima. */
export function Extremes({ features }: OfFeatures): PlannedEstimator<'Extremes'> {
  return planned({ kind: 'Extremes', features: [...features] })
}

/** Quantiles of each feature with bounds that certainly hold. */
export function Quantiles(options: OfFeatures & { readonly probabilities: readonly number[] }): PlannedEstimator<'Quantiles'> {
  return planned({ kind: 'Quantiles', features: [...options.features], probabilities: [...options.probabilities] })
}

/** As pandas' describe, with guarded extremes; of texts the numbers of values and missing ones. */
export function Describe({ features }: OfFeatures): PlannedEstimator<'Describe'> {
  return planned({ kind: 'Describe', features: [...features] })
}

/** Records by value of a feature. */
export function ValueCounts(options: { readonly feature: string }): PlannedEstimator<'ValueCounts'> {
  return planned({ kind: 'ValueCounts', feature: options.feature })
}

/** Records by bin: lower edge included, and the upper one of the last bin. */
export function Histogram(options: {
  readonly feature: string
  readonly edges: readonly number[]
}): PlannedEstimator<'Histogram'> {
  return planned({ kind: 'Histogram', feature: options.feature, edges: [...options.edges] })
}

/** What records are grouped by: a feature's name, or a key made by `bins` or `equals`. */
export type Key = string | contract.GroupKey

/** Groups by bins of a number. */
export function bins(feature: string, edges: readonly number[]): contract.GroupKey {
  return { feature, edges: [...edges] }
}

/** Groups by whether a feature has a value. */
export function equals(feature: string, value: contract.Scalar): contract.GroupKey {
  return { feature, equals: value }
}

/** Number of records, and statistics such as `Mean({ features })`, by group. */
export function GroupBy(options: {
  readonly keys: readonly Key[]
  readonly statistics?: readonly contract.GroupStatistic[]
}): PlannedEstimator<'GroupBy'> {
  return planned({ kind: 'GroupBy', keys: options.keys.map(keyOf), statistics: [...(options.statistics ?? [])] })
}

/** Counts by two keys, with χ², and Fisher's exact test for 2 × 2. */
export function Contingency(options: { readonly rows: Key; readonly columns: Key }): PlannedEstimator<'Contingency'> {
  return planned({ kind: 'Contingency', rows: keyOf(options.rows), columns: keyOf(options.columns) })
}

/** Welch's t-test of a feature in two groups; Student's with `equalVariances`. */
export function TTest(options: {
  readonly feature: string
  readonly group: Key
  readonly equalVariances?: boolean
}): PlannedEstimator<'TTest'> {
  const { feature, group, equalVariances = false } = options
  return planned({ kind: 'TTest', feature, group: keyOf(group), equalVariances })
}

/** One-way analysis of variance of a feature between groups. */
export function Anova(options: { readonly feature: string; readonly group: Key }): PlannedEstimator<'Anova'> {
  return planned({ kind: 'Anova', feature: options.feature, group: keyOf(options.group) })
}

/** Share of the records with this value among those with any, with Wilson's interval. */
export function Proportion(options: {
  readonly feature: string
  readonly value: contract.Scalar
}): PlannedEstimator<'Proportion'> {
  return planned({ kind: 'Proportion', feature: options.feature, value: options.value })
}

/** Covariances of each pair of features over the records that have both. */
export function Covariance({ features }: OfFeatures): PlannedEstimator<'Covariance'> {
  return planned({ kind: 'Covariance', features: [...features] })
}

/** Pearson's correlations; Spearman's need the pooled quantiles of each feature (`project.correlation` asks for them). */
export function Correlation(
  options: OfFeatures & { readonly method?: 'pearson' | 'spearman'; readonly quantiles?: readonly (readonly number[])[] },
): PlannedEstimator<'Correlation'> {
  const { features, method = 'pearson', quantiles } = options
  const ranks = quantiles === undefined ? {} : { quantiles: quantiles.map((values) => [...values]) }
  return planned({ kind: 'Correlation', features: [...features], method, ...ranks })
}

/**
 * Survival over a grid of times, and the log-rank test where there are groups. The event is 1 or true where it happened and 0 or false
 * where observation ended without it; another code is refused.
 */
export function KaplanMeier(options: {
  readonly time: string
  readonly event: string
  readonly grid: readonly number[]
  readonly group?: Key
}): PlannedEstimator<'KaplanMeier'> {
  const { time, event, grid, group } = options
  return planned({ kind: 'KaplanMeier', time, event, grid: [...grid], ...(group === undefined ? {} : { group: keyOf(group) }) })
}

function keyOf(key: Key): contract.GroupKey {
  return typeof key === 'string' ? { feature: key } : key
}

/** The method is not enumerable: a plan is data. */
function planned<Kind extends contract.Estimator['kind']>(options: contract.EstimatorOf<Kind>): PlannedEstimator<Kind> {
  const estimator = checkedPart(contract.estimatorSchema, options) as contract.EstimatorOf<Kind>
  const getSteps = (query?: contract.Query, options?: RouteOptions) => estimateSteps(estimator, query, options)
  return Object.defineProperty(estimator, 'getSteps', { value: getSteps }) as PlannedEstimator<Kind>
}

/** A random forest with scikit-learn's parameters and defaults; each site grows `nEstimators` trees. */
export function FederatedRandomForestClassifier(
  options: Partial<Omit<contract.FederatedRandomForestClassifier, 'kind'>> = {},
): contract.Model {
  return {
    kind: 'FederatedRandomForestClassifier',
    ...defaultRandomForestParams,
    ...options,
  }
}
