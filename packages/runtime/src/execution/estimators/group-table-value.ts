import {
  chiSquareTest,
  compareKeys,
  fisherTest,
  type GroupState,
  type GroupTableState,
  type KeyValue,
  proportionOf,
  withheldAt,
} from '@flotta/algorithms'
import {
  type Estimator,
  type EstimatorOf,
  FlottaError,
  type GroupStatistic,
  type GroupValue,
  type StatisticValue,
} from '@flotta/contract'
import { columnValue } from './column-value.ts'
import { testOfAll, testOfTwo } from './sample-tests.ts'

/** What is released of a merged table of groups. */
export function groupTableValue(estimator: Estimator, table: GroupTableState): StatisticValue {
  const { records, sites } = table
  const [first] = table.groups
  switch (estimator.kind) {
    case 'Count':
      return { kind: 'Count', count: records, sites }
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Missing':
    case 'Extremes':
    case 'Quantiles':
    case 'Describe':
      // Each kind of column has the figures that its statistic asks for, which the types can't follow.
      return {
        kind: estimator.kind,
        columns: first ? first.columns.map((column) => columnValue(column, [estimator])) : [],
        records,
        sites,
      } as StatisticValue
    case 'ValueCounts':
      return { kind: 'ValueCounts', ...groupsOf(table, [estimator.feature], []) }
    case 'Histogram':
      return { kind: 'Histogram', edges: estimator.edges, ...groupsOf(table, [estimator.feature], []) }
    case 'GroupBy':
      return {
        kind: 'GroupBy',
        ...groupsOf(
          table,
          estimator.keys.map(({ feature }) => feature),
          estimator.statistics,
        ),
      }
    case 'TTest':
      return { kind: 'TTest', ...samplesValue(estimator, table), ...testOfTwo(table, estimator) }
    case 'Anova':
      return { kind: 'Anova', ...samplesValue(estimator, table), ...testOfAll(table) }
    case 'Contingency':
      return contingencyValue(estimator, table)
    case 'Proportion':
      return proportionValue(estimator, table)
    case 'Covariance':
    case 'Correlation':
    case 'KaplanMeier':
      throw new FlottaError('invalid_resource', `${estimator.kind} is not computed from a table of groups.`)
    default:
      return estimator satisfies never
  }
}

function groupsOf(table: GroupTableState, keys: string[], statistics: Parameters<typeof columnValue>[1]) {
  const groups = table.groups.map((group): GroupValue => {
    const suppressed = withheldAt(table, group) > 0
    return {
      key: [...group.key],
      suppressed,
      withheldAt: withheldAt(table, group),
      records: suppressed ? null : group.records,
      columns: suppressed ? [] : group.columns.map((column) => columnValue(column, statistics)),
    }
  })
  return { keys, groups, unnamedAt: table.open, records: table.records, sites: table.sites }
}

function sampleStatistics(feature: string): GroupStatistic[] {
  return [
    { kind: 'Mean', features: [feature] },
    { kind: 'Variance', features: [feature] },
  ]
}

function samplesValue({ feature, group }: EstimatorOf<'TTest' | 'Anova'>, table: GroupTableState) {
  return { feature, ...groupsOf(table, [group.feature], sampleStatistics(feature)) }
}

function contingencyValue({ rows, columns }: EstimatorOf<'Contingency'>, table: GroupTableState): StatisticValue {
  const rowKeys = levelsOf(table.groups, 0)
  const columnKeys = levelsOf(table.groups, 1)
  const cells = new Map(table.groups.map((group) => [JSON.stringify(group.key), group]))
  const countOf = (row: KeyValue, column: KeyValue) => {
    const group = cells.get(JSON.stringify([row, column]))
    if (group) return withheldAt(table, group) > 0 ? null : group.records
    return table.open > 0 ? null : 0
  }
  const counts = rowKeys.map((row) => columnKeys.map((column) => countOf(row, column)))
  const complete = table.open === 0 ? testedCells(rowKeys, columnKeys, counts) : null
  return {
    kind: 'Contingency',
    keys: [rows.feature, columns.feature],
    rowKeys,
    columnKeys,
    counts,
    unnamedAt: table.open,
    chiSquare: complete && chiSquareTest(complete),
    fisher: complete && fisherTest(complete),
    records: table.records,
    sites: table.sites,
  }
}

/** The counts of all rows and columns whose key is not missing. */
function testedCells(
  rowKeys: readonly KeyValue[],
  columnKeys: readonly KeyValue[],
  counts: readonly (readonly (number | null)[])[],
) {
  return counts
    .filter((_, row) => rowKeys[row] !== null)
    .map((cells) => cells.filter((_, column) => columnKeys[column] !== null).map((cell) => cell ?? 0))
}

function levelsOf(groups: readonly GroupState[], place: number): KeyValue[] {
  return [...new Set(groups.map(({ key }) => key[place]!))].sort((a, b) => compareKeys([a], [b]))
}

function proportionValue({ feature }: EstimatorOf<'Proportion'>, table: GroupTableState): StatisticValue {
  const records = (value: KeyValue) => table.groups.find(({ key }) => key[0] === value)?.records ?? 0
  const suppressed = table.open > 0
  const [successes, others] = [records(true), records(false)]
  const share = suppressed ? null : proportionOf(successes, successes + others)
  return {
    kind: 'Proportion',
    feature,
    suppressed,
    successes: suppressed ? null : successes,
    count: suppressed ? null : successes + others,
    missing: suppressed ? null : records(null),
    proportion: share?.proportion ?? null,
    interval: share && [share.interval[0], share.interval[1]],
    records: table.records,
    sites: table.sites,
  }
}
