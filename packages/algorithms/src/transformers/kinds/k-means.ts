import type { Distribution } from '../../summaries/distribution.ts'

const MAX_ITERATIONS = 300
/** Relative to the variance, as in scikit-learn. */
const TOLERANCE = 1e-4

/**
 * The centres of clusters on a line (Lloyd 1982), ascending, from given ones.
 *
 * It ends when no record changes its cluster or the centres move less than the tolerance. A cluster without records is put where
 * a bin lies furthest from its centre.
 */
export function clusterCentres({ values, counts }: Distribution, start: readonly number[]): number[] {
  const limit = TOLERANCE * varianceOf(values, counts)
  let centres = [...start]
  let labels = ''
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const nearest = values.map((value) => nearestOf(centres, value))
    const next = centresOf(values, counts, nearest, centres)
    const shift = next.reduce((sum, centre, index) => sum + (centre - centres[index]) ** 2, 0)
    const same = nearest.join()
    centres = next
    if (same === labels || shift <= limit) break
    labels = same
  }
  return centres.sort((a, b) => a - b)
}

function nearestOf(centres: readonly number[], value: number): number {
  let best = 0
  for (let i = 1; i < centres.length; i++) if (Math.abs(value - centres[i]) < Math.abs(value - centres[best])) best = i
  return best
}

function centresOf(
  values: readonly number[],
  counts: readonly number[],
  nearest: readonly number[],
  before: readonly number[],
): number[] {
  const sums = before.map(() => 0)
  const weights = before.map(() => 0)
  nearest.forEach((cluster, bin) => {
    sums[cluster] += values[bin] * counts[bin]
    weights[cluster] += counts[bin]
  })
  const empty = [...before.keys()].filter((cluster) => weights[cluster] === 0)
  const distance = (bin: number) => Math.abs(values[bin] - before[nearest[bin]])
  const furthest = empty.length === 0 ? [] : [...values.keys()].sort((a, b) => distance(b) - distance(a) || a - b)
  empty.forEach((cluster, index) => {
    const bin = furthest[index]
    if (bin === undefined || weights[nearest[bin]] <= counts[bin]) return
    sums[nearest[bin]] -= values[bin] * counts[bin]
    weights[nearest[bin]] -= counts[bin]
    sums[cluster] = values[bin] * counts[bin]
    weights[cluster] = counts[bin]
  })
  return before.map((centre, cluster) => (weights[cluster] === 0 ? centre : sums[cluster] / weights[cluster]))
}

function varianceOf(values: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const mean = values.reduce((sum, value, bin) => sum + value * counts[bin], 0) / total
  return values.reduce((sum, value, bin) => sum + (value - mean) ** 2 * counts[bin], 0) / total
}
