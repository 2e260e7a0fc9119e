/** Evenly spaced quantiles of some values, as a site publishes them. */
export interface SiteQuantiles {
  readonly count: number
  readonly quantiles: readonly number[]
}

export interface MergedQuartiles {
  readonly values: [number, number, number]
  /** By how much the share of values below each can be off, at most. */
  readonly rankError: number
}

/**
 * Quartiles of all values together: those of the mixture of the sites' distributions, each taken as linear between its quantiles.
 * Within a step of a site's quantiles nothing is known, so the share of values below a result is off by at most the weighted mean
 * of the steps. The exact ones are asked of the sites by a computation.
 */
export function mergeQuartiles(sites: readonly SiteQuantiles[]): MergedQuartiles | null {
  const total = sites.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  const breaks = [...new Set(sites.flatMap(({ quantiles }) => quantiles))].sort((a, b) => a - b)
  const below = (x: number, side: Side) =>
    sites.reduce((sum, { count, quantiles }) => sum + (count / total) * shareBelow(quantiles, x, side), 0)
  const at = (p: number) => inverse(p, breaks, below)
  return {
    values: [at(0.25), at(0.5), at(0.75)],
    rankError: sites.reduce((sum, { count, quantiles }) => sum + count / total / (quantiles.length + 1), 0),
  }
}

/** A share at a value (`right`), or just below it. */
type Side = 'left' | 'right'

/** Tolerates what is lost by adding up shares. */
const EPSILON = 1e-12

function inverse(p: number, breaks: readonly number[], below: (x: number, side: Side) => number): number {
  const index = breaks.findIndex((x) => below(x, 'right') >= p - EPSILON)
  if (index < 0) return breaks.at(-1)!
  const x = breaks[index]!
  const left = below(x, 'left')
  if (index === 0 || left <= p + EPSILON) return x
  const before = breaks[index - 1]!
  const start = below(before, 'right')
  return before + ((p - start) / (left - start)) * (x - before)
}

/** The share of a site's values below x; outside of its quantiles, half a step from the end. */
function shareBelow(quantiles: readonly number[], x: number, side: Side): number {
  const step = 1 / (quantiles.length + 1)
  const first = quantiles[0]!
  const last = quantiles.at(-1)!
  if (side === 'left' ? x <= first : x < first) return step / 2
  if (side === 'left' ? x > last : x >= last) return 1 - step / 2
  const next = side === 'left' ? quantiles.findIndex((q) => q >= x) : quantiles.findIndex((q) => q > x)
  const low = quantiles[next - 1]!
  return step * (next + (x - low) / (quantiles[next]! - low))
}
