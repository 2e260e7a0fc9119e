import { FlottaError, type GroupStatistic, keysByValue, type Scalar, type Step } from '@flotta/contract'
import type { RouteOptions } from './plan/estimate-steps.ts'
import {
  Anova,
  Contingency,
  Correlation,
  Count,
  Covariance,
  Describe,
  Extremes,
  GroupBy,
  Histogram,
  KaplanMeier,
  type Key,
  Mean,
  Missing,
  type PlannedEstimator,
  Proportion,
  Quantiles,
  Sum,
  TTest,
  ValueCounts,
  Variance,
} from './plan/estimators.ts'
import type { Expression } from './plan/expression.ts'
import { Filter, Query } from './plan/query.ts'
import type * as results from './results/result.ts'
import type { Run } from './run.ts'

export interface SubmitOptions {
  /** A name for people; it need not be unique. */
  readonly label?: string
  /**
   * Tells this submission apart: under the same id the same plan is the same artifact, so a program that can't know whether the node has it
   * submits it again, and gets that run. 16 to 64 letters, digits, hyphens and underscores. @default a random one
   */
  readonly requestId?: string
  readonly signal?: AbortSignal
}

export interface EstimateOptions extends SubmitOptions, RouteOptions {
  /** Which records count; all unless told. */
  readonly where?: Expression
}

/** Among these quantiles Spearman's ranks are taken. */
const RANKS = 256

/** Statistics over all sites, as of the pooled table: each is one plan that is submitted and waited for. */
export abstract class Statistics {
  /** The values that a feature may take, where the sites have agreed on them. */
  protected abstract agreedValues(feature: string): readonly Scalar[] | undefined

  abstract submit(steps: readonly Step[], options?: SubmitOptions): Promise<Run>

  /** Number of records. */
  count(options: EstimateOptions = {}): Promise<results.CountResult> {
    return this.#estimate(Count(), options)
  }

  /** Sum of each feature; missing values are left out. */
  sum(features: readonly string[], options: EstimateOptions = {}): Promise<results.SumResult> {
    return this.#estimate(Sum({ features }), options)
  }

  /** Mean of each feature; missing values are left out. */
  mean(features: readonly string[], options: EstimateOptions = {}): Promise<results.MeanResult> {
    return this.#estimate(Mean({ features }), options)
  }

  /** Variance with n − 1, and standard deviation, of each feature. */
  variance(features: readonly string[], options: EstimateOptions = {}): Promise<results.VarianceResult> {
    return this.#estimate(Variance({ features }), options)
  }

  /** As `variance`: each column has both. */
  std(features: readonly string[], options: EstimateOptions = {}): Promise<results.VarianceResult> {
    return this.variance(features, options)
  }

  /** Number of missing values of each feature, of any type. */
  missing(features: readonly string[], options: EstimateOptions = {}): Promise<results.MissingResult> {
    return this.#estimate(Missing({ features }), options)
  }

  /** For each feature a value that enough records of one site do not exceed, and one that they reach. */
  extremes(features: readonly string[], options: EstimateOptions = {}): Promise<results.ExtremesResult> {
    return this.#estimate(Extremes({ features }), options)
  }

  /** Quantiles of each feature, each with bounds that certainly hold. */
  quantiles(
    features: readonly string[],
    probabilities: readonly number[],
    options: EstimateOptions = {},
  ): Promise<results.QuantilesResult> {
    return this.#estimate(Quantiles({ features, probabilities }), options)
  }

  median(features: readonly string[], options: EstimateOptions = {}): Promise<results.QuantilesResult> {
    return this.quantiles(features, [0.5], options)
  }

  /** Count, mean, std, guarded extremes and quartiles of features, as pandas' describe; of texts the counts. */
  describe(features: readonly string[], options: EstimateOptions = {}): Promise<results.DescribeResult> {
    return this.#estimate(Describe({ features }), options)
  }

  /** Records by value of a feature. */
  valueCounts(feature: string, options: EstimateOptions = {}): Promise<results.ValueCountsResult> {
    return this.#estimate(ValueCounts({ feature }), options)
  }

  /** Records by bin of a feature. */
  histogram(feature: string, edges: readonly number[], options: EstimateOptions = {}): Promise<results.HistogramResult> {
    return this.#estimate(Histogram({ feature, edges }), options)
  }

  /** Number of records, and statistics such as `Mean({ features })`, by group. */
  groupBy(
    keys: readonly Key[],
    statistics: readonly GroupStatistic[] = [],
    options: EstimateOptions = {},
  ): Promise<results.GroupByResult> {
    return this.#estimate(GroupBy({ keys, statistics }), options)
  }

  /** Counts by two keys, with χ², and Fisher's exact test for 2 × 2. */
  contingency(rows: Key, columns: Key, options: EstimateOptions = {}): Promise<results.ContingencyResult> {
    return this.#estimate(Contingency({ rows, columns }), options)
  }

  /**
   * Welch's t-test of a feature in two groups; Student's with `equalVariances`. Of a key with more values, `equals(feature, value)` makes two
   * groups. Where there is no test, `untested` says why.
   */
  tTest(
    feature: string,
    group: Key,
    options: EstimateOptions & { readonly equalVariances?: boolean } = {},
  ): Promise<results.TTestResult> {
    const { equalVariances = false } = options
    return this.#estimate(TTest({ feature, group, equalVariances }), options)
  }

  /** One-way analysis of variance of a feature between groups. Where there is no test, `untested` says why. */
  anova(feature: string, group: Key, options: EstimateOptions = {}): Promise<results.AnovaResult> {
    return this.#estimate(Anova({ feature, group }), options)
  }

  /** Share of the records with this value among those with any, with Wilson's interval. */
  proportion(feature: string, value: Scalar, options: EstimateOptions = {}): Promise<results.ProportionResult> {
    return this.#estimate(Proportion({ feature, value }), options)
  }

  /**
   * Covariances of each pair of features over the records that have both. Where few lack one of two, a site withholds what would tell of
   * these few; `{ where: complete(features) }` asks for the records that have all, which are the same for each pair.
   */
  covariance(features: readonly string[], options: EstimateOptions = {}): Promise<results.CovarianceResult> {
    return this.#estimate(Covariance({ features }), options)
  }

  /**
   * Correlations of each pair: Pearson's, or Spearman's of ranks among the pooled quantiles, which are asked for first. What is withheld, and what to
   * ask for then, is as with {@link covariance}.
   */
  async correlation(
    features: readonly string[],
    options: EstimateOptions & { readonly method?: 'pearson' | 'spearman' } = {},
  ): Promise<results.CorrelationResult> {
    const { method = 'pearson' } = options
    if (method === 'spearman' && options.route === 'secure-sum') {
      const message =
        'Spearman’s correlation asks for quantiles first, and they are no sums: leave out the route, or use pearson.'
      throw new FlottaError('invalid_artifact', message)
    }
    if (method === 'pearson') return this.#estimate(Correlation({ features }), options)
    const probabilities = Array.from({ length: RANKS - 1 }, (_, index) => (index + 1) / RANKS)
    const { columns } = await this.quantiles(features, probabilities, options)
    const quantiles = columns.map((column) => (column.quantiles ?? []).flatMap(({ value }) => (value === null ? [] : [value])))
    return this.#estimate(Correlation({ features, method, quantiles }), options)
  }

  /**
   * Survival over a grid of times, and the log-rank test where there are groups. The event is 1 or true where it happened and 0 or false where
   * observation ended without it; another code is refused: `Derive('died', feature('status').eq(2))`. Records without a time or an
   * event are left out, and counted as missing.
   */
  kaplanMeier(
    columns: { readonly time: string; readonly event: string; readonly grid: readonly number[]; readonly group?: Key },
    options: EstimateOptions = {},
  ): Promise<results.KaplanMeierResult> {
    return this.#estimate(KaplanMeier(columns), options)
  }

  async #estimate<Kind extends results.StatisticalResult['kind']>(
    estimator: PlannedEstimator<Kind>,
    options: EstimateOptions,
  ): Promise<Extract<results.Result, { kind: Kind }>> {
    const { where, label = estimator.kind } = options
    const route = { ...options, levels: { ...this.#agreedLevels(estimator), ...options.levels } }
    const run = await this.submit(estimator.getSteps(Query(where ? [Filter(where)] : []), route), { ...options, label })
    return run.resultOf(estimator.kind, options)
  }

  #agreedLevels(estimator: PlannedEstimator<results.StatisticalResult['kind']>): Record<string, readonly Scalar[]> {
    return Object.fromEntries(
      keysByValue(estimator).flatMap((feature) => {
        const values = this.agreedValues(feature)
        return values === undefined ? [] : [[feature, values]]
      }),
    )
  }
}
