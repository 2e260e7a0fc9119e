import type { Summary } from './summary.ts'

/** What happened to the records of a group up to the end of an interval, and after the end of the one before. */
export interface SurvivalInterval {
  /** Index of the interval's end in the grid of times. */
  readonly edge: number
  readonly events: number
  readonly censored: number
}

/** Intervals that end with the last edge of the grid; whoever is followed longer is censored there. */
export type SurvivalIntervals = readonly SurvivalInterval[]

export interface Follow {
  /** Time of the event or of the end of observation. */
  readonly time: Float64Array
  /** 1 where the event happened, 0 where observation ended without. */
  readonly event: Float64Array
}

/**
 * Events and censorings by interval of time, over a grid that all sites share.
 *
 * States may have joined intervals. Merged ones have the edges that both have, so the counts stay exact: merging is associative and
 * commutative, and nothing finer than the coarsest state is known.
 */
export function survivalSummary(grid: readonly number[]): Summary<SurvivalIntervals, SurvivalIntervals, Follow> {
  return {
    init: () => grid.map((_, edge) => ({ edge, events: 0, censored: 0 })),
    add: (state, follow) => mergeIntervals(state, intervalsOf(follow, grid)),
    merge: mergeIntervals,
    value: (state) => state,
  }
}

/** Whether a record has both a time and an event. What is no finite number counts as missing, as everywhere. */
export function isFollowed(time: number, event: number): boolean {
  return time >= 0 && time < Number.POSITIVE_INFINITY && (event === 0 || event === 1)
}

/**
 * What of the records is wrong rather than missing: an event coded in another way than 0 and 1, such as R's 1 and 2, or a time below 0.
 * To leave such records out would give another survival without a word.
 */
export function followFault({ time, event }: Follow): 'event' | 'time' | null {
  if (event.some((value) => value !== 0 && value !== 1 && !Number.isNaN(value))) return 'event'
  return time.some((value) => value < 0) ? 'time' : null
}

/** An event at t falls into the first interval whose end is not before t. */
function intervalsOf({ time, event }: Follow, grid: readonly number[]): SurvivalIntervals {
  const events = new Array<number>(grid.length).fill(0)
  const censored = new Array<number>(grid.length).fill(0)
  const last = grid.length - 1
  time.forEach((value, row) => {
    if (!isFollowed(value, event[row])) return
    const edge = firstAtLeast(grid, value)
    if (edge > last) censored[last]++
    else if (event[row] === 1) events[edge]++
    else censored[edge]++
  })
  return grid.map((_, edge) => ({ edge, events: events[edge], censored: censored[edge] }))
}

function firstAtLeast(grid: readonly number[], value: number): number {
  let low = 0
  let high = grid.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (grid[middle] >= value) high = middle
    else low = middle + 1
  }
  return low
}

function mergeIntervals(a: SurvivalIntervals, b: SurvivalIntervals): SurvivalIntervals {
  const common = commonEdges([a, b])
  const [left, right] = [toEdges(a, common), toEdges(b, common)]
  return common.map((edge, index) => ({
    edge,
    events: left[index].events + right[index].events,
    censored: left[index].censored + right[index].censored,
  }))
}

/** Edges that all states have, ascending. */
export function commonEdges(states: readonly SurvivalIntervals[]): number[] {
  const [first = [], ...others] = states.map((state) => state.map(({ edge }) => edge))
  const sets = others.map((edges) => new Set(edges))
  return first.filter((edge) => sets.every((edges) => edges.has(edge)))
}

/** The same counts over some of the edges; the last one is always among them. */
export function toEdges(state: SurvivalIntervals, edges: readonly number[]): SurvivalIntervals {
  let place = 0
  return edges.map((edge) => {
    let events = 0
    let censored = 0
    for (; place < state.length && state[place].edge <= edge; place++) {
      events += state[place].events
      censored += state[place].censored
    }
    return { edge, events, censored }
  })
}

/**
 * Joins intervals until in each the events are none or at least `minimum`, and so the censored. Of the two ends of an interval
 * that is too small the less round one goes (by the index in the grid), so that sites tend to keep the same edges.
 *
 * @returns undefined when even all time together has too few
 */
export function joinSmallIntervals(state: SurvivalIntervals, minimum: number): SurvivalIntervals | undefined {
  const enough = (count: number) => count === 0 || count >= minimum
  const joined = [...state]
  for (;;) {
    const small = joined.findIndex(({ events, censored }) => !(enough(events) && enough(censored)))
    if (small < 0) return joined
    if (joined.length === 1) return undefined
    const withBefore =
      small === joined.length - 1 || (small > 0 && roundness(joined[small - 1].edge) < roundness(joined[small].edge))
    const first = withBefore ? small - 1 : small
    const [a, b] = joined.slice(first, first + 2)
    joined.splice(first, 2, { edge: b.edge, events: a.events + b.events, censored: a.censored + b.censored })
  }
}

/** How often an edge's number can be halved. */
function roundness(edge: number): number {
  return 31 - Math.clz32((edge + 1) & -(edge + 1))
}
