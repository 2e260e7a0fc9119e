export { type GroupCounts, nameableGroups, tellableGroups } from './disclosure/nameable-groups.ts'
export { MAX_PROTECTED_CELLS, publishableCells } from './disclosure/publishable-cells.ts'
export { type PairLimits, tellablePairs } from './disclosure/tellable-pairs.ts'
export { chiSquared } from './distributions/chi-squared.ts'
export { fDistribution } from './distributions/f.ts'
export { hypergeometric, type Urn } from './distributions/hypergeometric.ts'
export { normal, normalUpperQuantile } from './distributions/normal.ts'
export { studentsT, studentsTUpperQuantile } from './distributions/students-t.ts'
export type { Tails } from './distributions/tail.ts'
export { LEAF, type RandomForestClassifier } from './forest/classifier.ts'
export { evaluateForest } from './forest/evaluate.ts'
export { fitRandomForestClassifier, type RandomForestInput } from './forest/fit.ts'
export { mergeForests } from './forest/merge.ts'
export { defaultRandomForestParams, type RandomForestParams, resolveRandomForestParams } from './forest/params.ts'
export { predict, predictLabels, predictProba } from './forest/predict.ts'
export { type Column, countMissing, isNumbers, type Numbers, type Texts } from './frame/column.ts'
export { assertFrame, assertNumeric, columnOf, createFrame, type Frame } from './frame/frame.ts'
export { selectColumns, selectRows } from './frame/select.ts'
export { selectNumbers } from './frame/select-values.ts'
export { type Anova, anova } from './hypothesis/anova.ts'
export { type ChiSquareTest, chiSquareTest } from './hypothesis/chi-square-test.ts'
export { type FisherTest, fisherTest } from './hypothesis/fisher-test.ts'
export { kaplanMeier, medianSurvival, type SurvivalPoint } from './hypothesis/kaplan-meier.ts'
export { type LogRankTest, logRankTest } from './hypothesis/log-rank.ts'
export { type Proportion, proportionOf } from './hypothesis/proportion.ts'
export { type TTest, tTest } from './hypothesis/t-test.ts'
export type { Untested } from './hypothesis/untested.ts'
export type { Json } from './json.ts'
export { codesOf, type EncodedLabels, encodeLabels, unionOfClasses } from './labels/encode.ts'
export { compareLabels, type Label } from './labels/label.ts'
export { type ClassificationMetrics, classificationMetrics, type Predictions } from './metrics/classification-metrics.ts'
export { accuracy, type ConfusionMatrix, confusionMatrix } from './metrics/confusion-matrix.ts'
export { type Average, f1, type PrecisionRecall, precision, precisionRecall, recall } from './metrics/precision-recall.ts'
export { rocAuc, rocAucOneVersusRest } from './metrics/roc-auc.ts'
export { decodeModel } from './model-file/decode-model.ts'
export { encodeModel } from './model-file/encode-model.ts'
export { decodeJson, encodeJson } from './model-file/json-tensor.ts'
export { ModelFileError } from './model-file/model-file-error.ts'
export { parseExpression } from './model-file/parse-preparation.ts'
export { type Dtype, type Tensor, type TensorData, tensorOf } from './model-file/tensor.ts'
export { decodeTensors, encodeTensors, type TensorFile } from './model-file/tensors.ts'
export { type RankRange, valuesAtRanks } from './order/values-at-ranks.ts'
export { createRandom, deriveRandom, type Random } from './random/random.ts'
export { shuffleInPlace } from './random/shuffle.ts'
export type { AdditiveCodec } from './secure-sum/additive-codec.ts'
export { type GroupTableDomain, groupTableCodec } from './secure-sum/group-table-codec.ts'
export { pairTableCodec } from './secure-sum/pair-table-codec.ts'
export { addInRing, fromRing, type RingVector, subtractInRing, toRing } from './secure-sum/ring.ts'
export { type RingField, wordsOf } from './secure-sum/ring-field.ts'
export { rowKeys } from './split/row-keys.ts'
export { type TrainTestSplit, type TrainTestSplitOptions, trainTestSplit } from './split/train-test-split.ts'
export { type Comoments, type ComomentsValue, comomentsSummary, type Pair } from './summaries/comoments.ts'
export { type Distribution, distributionOf, mergeDistributions, quantileOf } from './summaries/distribution.ts'
export {
  type ColumnState,
  compareKeys,
  type GroupState,
  type GroupTableState,
  groupTableSummary,
  type KeyValue,
  mergeByKey,
  mergeColumns,
  withheldAt,
} from './summaries/group-table.ts'
export { type Guard, unguarded } from './summaries/guard.ts'
export { isMeasured, MAX_MAGNITUDE, type Moments, type MomentsValue, momentsFrom, momentsSummary } from './summaries/moments.ts'
export { mergePairTables, type PairState, type PairTableState, pairsOf } from './summaries/pair-table.ts'
export {
  binsOf,
  guardedExtremes,
  type Quantile,
  type QuantileBin,
  type QuantileBins,
  quantileBinsSummary,
  quantileOfBins,
} from './summaries/quantile-bins.ts'
export type { Summary } from './summaries/summary.ts'
export {
  type Follow,
  followFault,
  isFollowed,
  joinSmallIntervals,
  type SurvivalInterval,
  type SurvivalIntervals,
  survivalSummary,
} from './summaries/survival.ts'
export type { ColumnStatistics } from './transformers/column-statistics.ts'
export { type ColumnTypeProblem, columnTypeProblems } from './transformers/column-types.ts'
export { applyExpression } from './transformers/expressions/apply.ts'
export type { Expression } from './transformers/expressions/expression.ts'
export { type FeatureStatistics, fittedExpressions, mergeFeatureStatistics, transformerStatistics } from './transformers/fit.ts'
export { prepare, roundStatistics, type Unprepared } from './transformers/fit-rounds.ts'
export { kindOf } from './transformers/kinds/catalogue.ts'
export type { ColumnType } from './transformers/kinds/kind.ts'
export {
  applyPreparation,
  fitPreparation,
  hasLocalFits,
  type InputColumn,
  localExpressions,
  type Preparation,
} from './transformers/preparation.ts'
export { PreparationError } from './transformers/preparation-error.ts'
export { fitOf, isFederatedFit, type Rounds, roundsOf } from './transformers/rounds.ts'
export type { Transformer } from './transformers/transformer.ts'
