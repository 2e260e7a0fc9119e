import { pairsOf } from '../summaries/pair-table.ts'
import { type MissingPatterns, missingPatterns } from './missing-patterns.ts'
import { ToldSums } from './told-sums.ts'

export interface PairLimits {
  /** Fewest records that have both values. */
  readonly fewest: number
  /** Fewest records of any figure that can be worked out. */
  readonly minimum: number
}

/**
 * Of which pairs of features, in the order of {@link pairsOf}, the joint sums over the records that have both may be told together. They
 * differ from pair to pair where values are missing: the sum of a feature over the records that have another one too, less the same over those
 * that have a third one, is a figure of the records that lack one of the two. No such combination, of however many pairs, is of fewer
 * records than the minimum ({@link ToldSums}). Products need no such care: those of two features are told once.
 *
 * What two features have in common comes before what one has by itself, and pairs of more records before others.
 */
export function tellablePairs(columns: readonly Float64Array[], { fewest, minimum }: PairLimits): boolean[] {
  const patterns = missingPatterns(columns)
  const told = columns.map((_, feature) => new ToldSums(patterns, feature, minimum))
  const pairs = pairsOf(columns.length).map(([i, j], place) => ({ place, i, j, count: countOf(patterns, i, j) }))
  const tellable = pairs.map(() => false)
  for (const { place, i, j, count } of pairs.sort((a, b) => Number(a.i === a.j) - Number(b.i === b.j) || b.count - a.count)) {
    if (count < fewest) continue
    const admissions = i === j ? [told[i].admit(i)] : [told[i].admit(j), told[j].admit(i)]
    if (admissions.includes(undefined)) continue
    for (const admit of admissions) admit?.()
    tellable[place] = true
  }
  return tellable
}

/** Records that have both. */
function countOf({ sizes, presence, columns }: MissingPatterns, i: number, j: number): number {
  return sizes.reduce((sum, size, pattern) => sum + size * presence[pattern * columns + i] * presence[pattern * columns + j], 0)
}
