/**
 * The researcher's side of flotta.
 *
 * @packageDocumentation
 */
export {
  type ClassificationMetrics,
  decodeModel,
  encodeLabels,
  encodeModel,
  type Frame,
  fitRandomForestClassifier,
  hasLocalFits,
  type Label,
  mergeForests,
  type Preparation,
  PreparationError,
  predictLabels,
  predictProba,
  type RandomForestClassifier,
} from '@flotta/algorithms'
export {
  type ArtifactEvent,
  type ArtifactFailure,
  type ArtifactStatus,
  type ArtifactView,
  type ErrorCode,
  FlottaError,
  isFlottaError,
  type JobView,
  type Metrics,
  type Participation,
  type PreflightReport,
  type ProjectFeature,
  type ProjectView,
  type Step,
} from '@flotta/contract'
export { type ConnectOptions, connect } from './connect.ts'
export { Arrange, Collect, DirectToNext, Distribute, ToNextInRing } from './plan/distributions.ts'
export type { RouteOptions } from './plan/estimate-steps.ts'
export {
  Anova,
  bins,
  Contingency,
  Correlation,
  Count,
  Covariance,
  Describe,
  Extremes,
  equals,
  FederatedRandomForestClassifier,
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
export { and, choose, complete, Expression, feature, greatest, least, not, type Operand, or, value } from './plan/expression.ts'
export { Aggregation, Estimate, Fit, Pass, TrainTest } from './plan/operations.ts'
export {
  Derive,
  Drop,
  Drop as FederatedDrop,
  FederatedSplitter,
  Filter,
  Filter as FederatedFilter,
  Query,
  Rename,
  Rename as FederatedRename,
  Select,
} from './plan/query.ts'
export {
  Converged,
  Finalize,
  Initialize,
  Iterate,
  type IterateOptions,
  Parallel,
  RoundRobin,
  SecureSum,
  Sequential,
  type StepOptions,
  type TravelOptions,
} from './plan/steps.ts'
export { type FittingPlan, fittingStepsOf, stepsOf, type TrainingPlan } from './plan/training-plan.ts'
export { type FittingQuery, fittingSteps, trainingSteps } from './plan/training-steps.ts'
export {
  FederatedBinarizer,
  FederatedClamp,
  FederatedKBinsDiscretizer,
  FederatedLabelBinarizer,
  FederatedMinMaxScaler,
  FederatedOneHotEncoder,
  FederatedOrdinalEncoder,
  FederatedPipeline,
  FederatedRobustScaler,
  FederatedSimpleImputer,
  FederatedStandardScaler,
} from './plan/transformers.ts'
export { Project } from './project.ts'
export type { ProjectContext } from './project-context.ts'
export { decodeResult } from './results/decode-result.ts'
export type { FittedTransformer, FittedTransformersResult } from './results/fitted-transformers.ts'
export type { Presentation } from './results/presentation.ts'
export type {
  AnovaResult,
  ContingencyResult,
  CorrelationResult,
  CountResult,
  CovarianceResult,
  DescribeResult,
  EmptyResult,
  ExtremesResult,
  GroupByResult,
  HistogramResult,
  KaplanMeierResult,
  MeanResult,
  MissingResult,
  ModelResult,
  ProportionResult,
  QuantilesResult,
  Result,
  StatisticalResult,
  SumResult,
  TTestResult,
  ValueCountsResult,
  VarianceResult,
} from './results/result.ts'
export { type Cell, ResultTable } from './results/result-table.ts'
export { type CallOptions, Run, type WaitOptions } from './run.ts'
export { type EstimateOptions, Statistics, type SubmitOptions } from './statistics.ts'
export type { DecimalMark } from './table/cell-reading.ts'
export { evaluate, fitPreparation, predict } from './table/evaluate.ts'
export { FittedPreparation } from './table/fitted-preparation.ts'
export { type CellOptions, LocalTable } from './table/local-table.ts'
export { type ReadCsvOptions, readCsv } from './table/read-csv.ts'
export { Workbench } from './workbench.ts'
