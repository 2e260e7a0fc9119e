import type { Column } from '../frame/column.ts'
import { columnOf, createFrame, type Frame } from '../frame/frame.ts'
import { selectValues } from '../frame/select-values.ts'
import type { Guard } from '../summaries/guard.ts'
import { type ColumnStatistics, columnStatistics, mergeColumnStatistics } from './column-statistics.ts'
import { applyExpression } from './expressions/apply.ts'
import type { Expression } from './expressions/expression.ts'
import { kindOf } from './kinds/catalogue.ts'
import { typeOf } from './kinds/kind.ts'
import { PreparationError } from './preparation-error.ts'
import type { Transformer } from './transformer.ts'

/** What a transformer has to know of one of its columns. */
export interface FeatureStatistics {
  readonly feature: string
  readonly statistics: ColumnStatistics
}

/**
 * The columns that a transformer works on: those that it names, or all of a type that it takes.
 *
 * @throws {PreparationError} when a named one is absent or of another type
 */
export function featuresOf(transformer: Transformer, frame: Frame<Column>): readonly string[] {
  const accepted = kindOf(transformer).accepts(transformer)
  const takes = (column: Column) => accepted.includes(typeOf(column))
  if (transformer.features === undefined) return frame.names.filter((_, index) => takes(frame.columns[index]))
  for (const name of transformer.features) {
    const place = frame.names.indexOf(name)
    if (place < 0) throw new PreparationError(name, 'is not among the columns')
    if (!takes(frame.columns[place])) throw new PreparationError(name, `does not hold ${accepted.join(' or ')}`)
  }
  return transformer.features
}

/**
 * What a site tells of its training records so that a transformer can be fitted.
 *
 * @param rows the training records
 */
export function transformerStatistics(
  transformer: Transformer,
  frame: Frame<Column>,
  rows: Int32Array,
  guard: Guard,
): FeatureStatistics[] {
  const kind = kindOf(transformer)
  const needed = kind.needs(transformer)
  if (needed === null) return []
  return featuresOf(transformer, frame).map((feature) => {
    const own = createFrame([feature], [selectValues(columnOf(frame, feature), rows)])
    const seen = columnOf((kind.before?.(transformer, feature) ?? []).reduce(applyExpression, own), feature)
    return { feature, statistics: columnStatistics(feature, seen, needed, guard) }
  })
}

/**
 * The statistics of two sites together.
 *
 * @throws {PreparationError} when they have different features
 */
export function mergeFeatureStatistics(a: readonly FeatureStatistics[], b: readonly FeatureStatistics[]): FeatureStatistics[] {
  const others = new Map(b.map(({ feature, statistics }) => [feature, statistics]))
  const extra = b.find(({ feature }) => !a.some((own) => own.feature === feature))
  if (extra) throw new PreparationError(extra.feature, 'is not a feature of every site; select features')
  return a.map(({ feature, statistics }) => {
    const other = others.get(feature)
    if (other === undefined) throw new PreparationError(feature, 'is not a feature of every site; select features')
    return { feature, statistics: mergeColumnStatistics(statistics, other) }
  })
}

/**
 * A transformer fitted on statistics, as what it does to each column.
 *
 * @throws {PreparationError} when no site has enough values of a column
 */
export function fittedExpressions(transformer: Transformer, all: readonly FeatureStatistics[]): Expression[] {
  return all.flatMap(({ feature, statistics }) => expressionsFor(transformer, feature, statistics))
}

/** A transformer that has nothing to fit, as what it does to each column of a frame. */
export function plainExpressions(transformer: Transformer, frame: Frame<Column>): Expression[] {
  return featuresOf(transformer, frame).flatMap((feature) => expressionsFor(transformer, feature, null))
}

function expressionsFor(transformer: Transformer, feature: string, statistics: ColumnStatistics | null): Expression[] {
  const kind = kindOf(transformer)
  return [...(kind.before?.(transformer, feature) ?? []), ...kind.express(transformer, feature, statistics)]
}
