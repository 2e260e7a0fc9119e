import {
  type Follow,
  followFault,
  isFollowed,
  joinSmallIntervals,
  type KeyValue,
  kaplanMeier,
  logRankTest,
  medianSurvival,
  mergeByKey,
  nameableGroups,
  type SurvivalIntervals,
  survivalSummary,
  tellableGroups,
} from '@flotta/algorithms'
import { type Estimator, type EstimatorOf, FlottaError } from '@flotta/contract'
import { z } from 'zod'
import type { SiteRecords } from '../../data/site-records.ts'
import { codedOtherwise, negativeTimes } from '../../plan/follow-problems.ts'
import type { Family } from './family.ts'
import { gather, groupRows, missingLevelsOf, sizeOf } from './group-rows.ts'
import { countSchema, keySchema } from './state-schemas.ts'

interface SurvivalGroup {
  readonly key: readonly KeyValue[]
  /** Of the sites that are open, how many named this one. */
  readonly namedByOpen: number
  /** Of the sites that have records left over, how many named this one. */
  readonly namedByLeft: number
  readonly intervals: SurvivalIntervals
  /** Records without a time or an event, at the sites that named the group. */
  readonly missing: number
}

interface SurvivalState {
  readonly sites: number
  readonly records: number
  /** Sites that follow records of groups that they do not name. */
  readonly open: number
  /** Sites with records of groups that they do not name, be they followed or not. */
  readonly left: number
  readonly groups: readonly SurvivalGroup[]
}

const intervalSchema = z.strictObject({ edge: countSchema, events: countSchema, censored: countSchema })
const groupSchema = z.strictObject({
  key: keySchema,
  namedByOpen: countSchema,
  namedByLeft: countSchema,
  intervals: z.array(intervalSchema).min(1),
  missing: countSchema,
})

/** Survival by group; a site joins intervals until each tells of none or of enough. */
export const survivalFamily: Family<SurvivalState> = {
  state: z.strictObject({
    sites: countSchema,
    records: countSchema,
    open: countSchema,
    left: countSchema,
    groups: z.array(groupSchema),
  }),
  async summarise(estimator, records, { minimumCell }) {
    const { time, event, group, grid } = survivalEstimator(estimator)
    const follow = await followOf(records, time, event)
    const rows = await groupRows(records, group ? [group] : [])
    const [times, events] = [gather(rows, follow.time), gather(rows, follow.event)]
    const summary = survivalSummary(grid)
    const follows = Array.from({ length: rows.cells }, (_, cell) => {
      const [from, to] = [rows.starts[cell], rows.starts[cell + 1]]
      return { time: times.subarray(from, to), event: events.subarray(from, to) }
    })
    const counts = follows.map(followedOf)
    const sizes = follows.map((_, cell) => sizeOf(rows, cell))
    const intervals = follows.map((part) => joinSmallIntervals(summary.add(summary.init(), part), minimumCell))
    const groups = { shape: rows.shape, missingLevels: missingLevelsOf(rows) }
    // What lacks a time or an event is told with the group, so its number of all records has to be one that may be told.
    const nameable = group ? nameableGroups({ ...groups, counts: sizes }, minimumCell) : [true]
    const candidate = (cell: number) => nameable[cell]! && intervals[cell] !== undefined
    // Where nobody is followed, survival is that of nobody.
    const told = counts.every((count) => count === 0) ? nameable : tellableGroups({ ...groups, counts, candidate }, minimumCell)
    const open = told.some((is, cell) => !is && counts[cell]! > 0) ? 1 : 0
    const left = told.some((is, cell) => !is && sizes[cell]! > 0) ? 1 : 0
    const named = told.flatMap((is, cell): SurvivalGroup[] => {
      if (!is) return []
      const missing = sizes[cell]! - counts[cell]!
      return [{ key: rows.keyOf(cell), namedByOpen: open, namedByLeft: left, intervals: intervals[cell]!, missing }]
    })
    return { sites: 1, records: rows.order.length, open, left, groups: named }
  },
  merge: (a, b) => ({ ...mergeByKey(a, b, mergeGroups), left: a.left + b.left }),
  value(estimator, { sites, records, open, left, groups }) {
    const { group: key, grid } = survivalEstimator(estimator)
    const tested = groups.filter((group) => group.key[0] !== null && group.intervals.some(hasRecords))
    return {
      kind: 'KaplanMeier',
      keys: key ? [key.feature] : [],
      groups: groups.map((group) => survivalOf(group, { open, left }, grid)),
      unnamedAt: open,
      logRank: open === 0 && key ? logRankTest(tested.map(({ intervals }) => intervals)) : null,
      records,
      sites,
    }
  },
  additive(estimator) {
    throw new FlottaError('invalid_artifact', `${estimator.kind} has intervals that each site chooses; they can't be added up.`)
  },
}

function hasRecords({ events, censored }: SurvivalIntervals[number]): boolean {
  return events + censored > 0
}

/** @throws {FlottaError} `unsuitable_feature` for an event that is coded otherwise, and for times below 0 */
async function followOf(records: SiteRecords, time: string, event: string): Promise<Follow> {
  const [times, events] = (await records.frame([time, event])).columns
  const follow = { time: times!, event: events! }
  const fault = followFault(follow)
  if (fault === 'event') throw new FlottaError('unsuitable_feature', codedOtherwise(event))
  if (fault === 'time') throw new FlottaError('unsuitable_feature', negativeTimes(time))
  return follow
}

function followedOf({ time, event }: Follow): number {
  return time.reduce((sum, value, row) => sum + (isFollowed(value, event[row]!) ? 1 : 0), 0)
}

function mergeGroups(a: SurvivalGroup, b: SurvivalGroup): SurvivalGroup {
  const { merge } = survivalSummary([])
  return {
    key: a.key,
    namedByOpen: a.namedByOpen + b.namedByOpen,
    namedByLeft: a.namedByLeft + b.namedByLeft,
    intervals: merge(a.intervals, b.intervals),
    missing: a.missing + b.missing,
  }
}

function survivalOf(group: SurvivalGroup, { open, left }: Pick<SurvivalState, 'open' | 'left'>, grid: readonly number[]) {
  const withheldAt = open - group.namedByOpen
  const suppressed = withheldAt > 0
  const points = suppressed ? [] : kaplanMeier(group.intervals, grid)
  return {
    key: [...group.key],
    suppressed,
    withheldAt,
    records: suppressed ? null : (points[0]?.atRisk ?? 0),
    missing: left > group.namedByLeft ? null : group.missing,
    median: medianSurvival(points),
    points: points.map((point) => ({ ...point, interval: point.interval && ([...point.interval] as [number, number]) })),
  }
}

function survivalEstimator(estimator: Estimator): EstimatorOf<'KaplanMeier'> {
  if (estimator.kind !== 'KaplanMeier')
    throw new FlottaError('invalid_artifact', `${estimator.kind} is no estimator of survival.`)
  return estimator
}
