import type { Column } from '../../frame/column.ts'
import { divide, toNumber } from '../../numeric/double-double.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import type { Distribution } from '../../summaries/distribution.ts'
import type { ColumnStatistics, StatisticsKind } from '../column-statistics.ts'
import type { Expression } from '../expressions/expression.ts'
import { PreparationError } from '../preparation-error.ts'
import type { Transformer } from '../transformer.ts'

export type ColumnType = 'numbers' | 'texts'

/** How one kind of transformer is fitted: what it has to know of each column, and which expressions that makes. */
export interface Kind<T extends Transformer = Transformer> {
  /** Types of columns that it works on. */
  accepts(transformer: T): readonly ColumnType[]
  /** What it does to a column before anything is fitted, whose statistics are of what that leaves. */
  before?(transformer: T, feature: string): readonly Expression[]
  /** Names of the columns that it puts beside a column. */
  adds?(transformer: T, feature: string): readonly string[]
  /** Null when the transformer says all by itself; then there is nothing to fit. */
  needs(transformer: T): StatisticsKind | null
  /**
   * @param statistics of the kind that it needs, over all sites
   * @throws {PreparationError} when they are not enough
   */
  express(transformer: T, feature: string, statistics: ColumnStatistics | null): readonly Expression[]
  /** Whether a column may become several, or of another name. */
  expands(transformer: T): boolean
}

export function typeOf(column: Column): ColumnType {
  return column instanceof Float64Array ? 'numbers' : 'texts'
}

/** @throws {PreparationError} when no site has enough values, or their squares overflow */
export function momentsIn(feature: string, statistics: ColumnStatistics | null): Spread {
  if (statistics?.kind !== 'moments' || statistics.count === 0) throw tooFew(feature)
  const { count, sum, squares } = statistics
  if (squares === null) throw new PreparationError(feature, 'has values too large to compute with')
  return { count, mean: toNumber(divide(sum, count)), variance: Math.max(0, toNumber(squares)) / count }
}

/** Mean and variance, over n, of so many values. */
export interface Spread {
  readonly count: number
  readonly mean: number
  readonly variance: number
}

/** @throws {PreparationError} when no site has enough values */
export function distributionIn(feature: string, statistics: ColumnStatistics | null): Distribution {
  if (statistics?.kind !== 'distribution' || statistics.values.length === 0) throw tooFew(feature)
  return statistics
}

/** @throws {PreparationError} when no site has enough records */
export function categoriesIn(feature: string, statistics: ColumnStatistics | null): CategoryCounts {
  if (statistics?.kind !== 'categories' || (statistics.categories.length === 0 && !statistics.hasOthers)) throw tooFew(feature)
  return statistics
}

export function tooFew(feature: string): PreparationError {
  return new PreparationError(feature, 'has not enough values to fit a transformer')
}

/** 1 for what is too small to divide by. */
export function usableScale(scale: number): number {
  return scale < 10 * Number.EPSILON ? 1 : scale
}
