import type { RandomForestClassifier } from '@flotta/algorithms'
import type { StatisticValue, StatisticValueOf } from '@flotta/contract'
import type { FittedTransformersResult } from './fitted-transformers.ts'
import type { Presentation } from './presentation.ts'

/** A statistic as it was released; printed, it is a table. */
export type StatisticResult<Kind extends StatisticValue['kind']> = StatisticValueOf<Kind> & Presentation

/** Number of records, and how many sites it rests on. */
export type CountResult = StatisticResult<'Count'>
/** Figures of each feature: `count` are the records with a value, `missing` those without. */
export type SumResult = StatisticResult<'Sum'>
/** Mean of each feature in `means`, which are its `columns`; null where no record has a value or a site withheld it. */
export type MeanResult = StatisticResult<'Mean'> & { readonly means: StatisticValueOf<'Mean'>['columns'] }
export type VarianceResult = StatisticResult<'Variance'>
export type MissingResult = StatisticResult<'Missing'>
export type ExtremesResult = StatisticResult<'Extremes'>
export type QuantilesResult = StatisticResult<'Quantiles'>
export type DescribeResult = StatisticResult<'Describe'>
export type ValueCountsResult = StatisticResult<'ValueCounts'>
export type HistogramResult = StatisticResult<'Histogram'>
export type GroupByResult = StatisticResult<'GroupBy'>
export type ContingencyResult = StatisticResult<'Contingency'>
export type TTestResult = StatisticResult<'TTest'>
export type AnovaResult = StatisticResult<'Anova'>
export type ProportionResult = StatisticResult<'Proportion'>
export type CovarianceResult = StatisticResult<'Covariance'>
export type CorrelationResult = StatisticResult<'Correlation'>
export type KaplanMeierResult = StatisticResult<'KaplanMeier'>

/** A trained model, ready to predict in this process. */
export interface ModelResult {
  readonly kind: 'RandomForestClassifier'
  readonly model: RandomForestClassifier
}

/** What there is where nothing was computed. */
export interface EmptyResult {
  readonly kind: 'Empty'
}

export type StatisticalResult =
  | CountResult
  | SumResult
  | MeanResult
  | VarianceResult
  | MissingResult
  | ExtremesResult
  | QuantilesResult
  | DescribeResult
  | ValueCountsResult
  | HistogramResult
  | GroupByResult
  | ContingencyResult
  | TTestResult
  | AnovaResult
  | ProportionResult
  | CovarianceResult
  | CorrelationResult
  | KaplanMeierResult

export type Result = StatisticalResult | ModelResult | FittedTransformersResult | EmptyResult
