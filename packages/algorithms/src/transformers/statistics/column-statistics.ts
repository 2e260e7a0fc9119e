import { type Column, isNumbers } from '../../frame/column.ts'
import { PreparationError } from '../preparation-error.ts'
import { type CategoryCounts, categoryCountsOf, mergeCategoryCounts } from './category-counts.ts'
import { type Distribution, distributionOf, mergeDistributions } from './distribution.ts'
import type { Guard } from './guard.ts'
import { type Moments, mergeMoments, momentsOf } from './moments.ts'

/** What a transformer has to know of a column; it merges over the sites, and is plain JSON. */
export type ColumnStatistics = Moments | Distribution | CategoryCounts
export type StatisticsKind = ColumnStatistics['kind']

/** @throws {PreparationError} when numbers are needed and the column holds texts, or their squares overflow */
export function columnStatistics(feature: string, column: Column, kind: StatisticsKind, guard: Guard): ColumnStatistics {
  if (kind === 'categories') return categoryCountsOf(column, guard)
  if (!isNumbers(column)) throw new PreparationError(feature, 'holds texts; numbers are needed here')
  if (kind === 'distribution') return distributionOf(column, guard)
  const moments = momentsOf(column, guard)
  if (!Number.isFinite(moments.m2)) throw new PreparationError(feature, 'has values too large to compute with')
  return moments
}

/** @throws {RangeError} when the two are of different kinds */
export function mergeColumnStatistics(a: ColumnStatistics, b: ColumnStatistics): ColumnStatistics {
  if (a.kind === 'moments' && b.kind === 'moments') return mergeMoments(a, b)
  if (a.kind === 'distribution' && b.kind === 'distribution') return mergeDistributions(a, b)
  if (a.kind === 'categories' && b.kind === 'categories') return mergeCategoryCounts(a, b)
  throw new RangeError('statistics of different kinds can not be merged')
}
