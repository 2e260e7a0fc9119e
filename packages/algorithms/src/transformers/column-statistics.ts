import { type Column, isNumbers } from '../frame/column.ts'
import { type CategoryCounts, categoryCountsSummary } from '../summaries/category-counts.ts'
import { type Distribution, distributionSummary } from '../summaries/distribution.ts'
import { type Guard, unguarded } from '../summaries/guard.ts'
import { type Moments, momentsSummary } from '../summaries/moments.ts'
import { PreparationError } from './preparation-error.ts'

/** Moments as one of the kinds of statistics. */
export interface ColumnMoments extends Moments {
  readonly kind: 'moments'
}

/** What a transformer has to know of a column; it merges over the sites, and is plain JSON. */
export type ColumnStatistics = ColumnMoments | Distribution | CategoryCounts
export type StatisticsKind = ColumnStatistics['kind']

/** @throws {PreparationError} when numbers are needed and the column holds texts, or their squares overflow */
export function columnStatistics(feature: string, column: Column, kind: StatisticsKind, guard: Guard): ColumnStatistics {
  if (kind === 'categories') return added(categoryCountsSummary(guard), column)
  if (!isNumbers(column)) throw new PreparationError(feature, 'holds texts; numbers are needed here')
  if (kind === 'distribution') return added(distributionSummary(guard), column)
  const moments = added(momentsSummary, column)
  if (moments.squares === null) throw new PreparationError(feature, 'has values too large to compute with')
  // Fewer values than the guard asks for are no values: none and some look alike.
  return { kind: 'moments', ...(moments.count < guard.minimumCell ? momentsSummary.init() : moments) }
}

/** @throws {RangeError} when the two are of different kinds */
export function mergeColumnStatistics(a: ColumnStatistics, b: ColumnStatistics): ColumnStatistics {
  if (a.kind === 'moments' && b.kind === 'moments') return { kind: 'moments', ...momentsSummary.merge(a, b) }
  if (a.kind === 'distribution' && b.kind === 'distribution') return distributionSummary(unguarded).merge(a, b)
  if (a.kind === 'categories' && b.kind === 'categories') return categoryCountsSummary(unguarded).merge(a, b)
  throw new RangeError('statistics of different kinds can not be merged')
}

function added<State, Input>(summary: { init(): State; add(state: State, input: Input): State }, input: Input): State {
  return summary.add(summary.init(), input)
}
