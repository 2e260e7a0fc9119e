import {
  isFollowed,
  joinSmallIntervals,
  type KeyValue,
  kaplanMeier,
  logRankTest,
  medianSurvival,
  mergeByKey,
  type SurvivalIntervals,
  survivalSummary,
  tellableGroups,
} from '@flotta/algorithms'
import { type Estimator, type EstimatorOf, FlottaError } from '@flotta/contract'
import { z } from 'zod'
import type { Family } from './family.ts'
import { gather, groupRows, missingLevelsOf } from './group-rows.ts'
import { countSchema, keySchema } from './state-schemas.ts'

interface SurvivalGroup {
  readonly key: readonly KeyValue[]
  /** Of the sites with records in groups that they do not name, how many named this one. */
  readonly namedByOpen: number
  readonly intervals: SurvivalIntervals
}

interface SurvivalState {
  readonly sites: number
  readonly records: number
  readonly open: number
  readonly groups: readonly SurvivalGroup[]
}

const intervalSchema = z.strictObject({ edge: countSchema, events: countSchema, censored: countSchema })
const groupSchema = z.strictObject({ key: keySchema, namedByOpen: countSchema, intervals: z.array(intervalSchema).min(1) })

/** Survival by group; a site joins intervals until each tells of none or of enough. */
export const survivalFamily: Family<SurvivalState> = {
  state: z.strictObject({ sites: countSchema, records: countSchema, open: countSchema, groups: z.array(groupSchema) }),
  async summarise(estimator, records, { minimumCell }) {
    const { time, event, group, grid } = survivalEstimator(estimator)
    const { columns } = await records.frame([time, event])
    const rows = await groupRows(records, group ? [group] : [])
    const [times, events] = columns.map((column) => gather(rows, column))
    const summary = survivalSummary(grid)
    const follows = Array.from({ length: rows.cells }, (_, cell) => {
      const [from, to] = [rows.starts[cell], rows.starts[cell + 1]]
      return { time: times!.subarray(from, to), event: events!.subarray(from, to) }
    })
    const counts = follows.map((part) =>
      part.time.reduce((sum, value, row) => sum + (isFollowed(value, part.event[row]!) ? 1 : 0), 0),
    )
    const intervals = follows.map((part) => joinSmallIntervals(summary.add(summary.init(), part), minimumCell))
    const candidate = (cell: number) => intervals[cell] !== undefined
    const followed = { shape: rows.shape, counts, missingLevels: missingLevelsOf(rows), candidate }
    const named = tellableGroups(followed, minimumCell)
    const open = named.some((told, cell) => !told && counts[cell]! > 0) ? 1 : 0
    const groups = named.flatMap((told, cell) =>
      told ? [{ key: rows.keyOf(cell), namedByOpen: open, intervals: intervals[cell]! }] : [],
    )
    return { sites: 1, records: rows.order.length, open, groups }
  },
  merge: (a, b) => mergeByKey(a, b, mergeGroups),
  value(estimator, { sites, records, open, groups }) {
    const { group: key, grid } = survivalEstimator(estimator)
    const tested = groups.filter((group) => group.key[0] !== null)
    return {
      kind: 'KaplanMeier',
      keys: key ? [key.feature] : [],
      groups: groups.map((group) => survivalOf(group, open - group.namedByOpen, grid)),
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

function mergeGroups(a: SurvivalGroup, b: SurvivalGroup): SurvivalGroup {
  const { merge } = survivalSummary([])
  return { key: a.key, namedByOpen: a.namedByOpen + b.namedByOpen, intervals: merge(a.intervals, b.intervals) }
}

function survivalOf({ key, intervals }: SurvivalGroup, withheldAt: number, grid: readonly number[]) {
  const suppressed = withheldAt > 0
  const points = suppressed ? [] : kaplanMeier(intervals, grid)
  return {
    key: [...key],
    suppressed,
    withheldAt,
    records: suppressed ? null : (points[0]?.atRisk ?? 0),
    median: medianSurvival(points),
    points: points.map((point) => ({ ...point, interval: point.interval && ([...point.interval] as [number, number]) })),
  }
}

function survivalEstimator(estimator: Estimator): EstimatorOf<'KaplanMeier'> {
  if (estimator.kind !== 'KaplanMeier')
    throw new FlottaError('invalid_artifact', `${estimator.kind} is no estimator of survival.`)
  return estimator
}
