import type { ColumnValue, GroupValue, StatisticValue, StatisticValueOf } from '@flotta/contract'
import { type Cell, ResultTable, WITHHELD } from './result-table.ts'

/** A statistic as a table, with what it rests on in the caption. */
export function tableOf(value: StatisticValue): ResultTable {
  const caption = `${value.kind} over ${value.kind === 'Count' ? value.count : value.records} records at ${value.sites} sites`
  switch (value.kind) {
    case 'Count':
      return new ResultTable(caption, ['count', 'sites'], [[value.count, value.sites]])
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Missing':
    case 'Extremes':
    case 'Describe':
      return columnsTable(caption, value.columns)
    case 'Quantiles':
      return columnsTable(caption, value.columns, boundsOf)
    case 'ValueCounts':
    case 'Histogram':
    case 'GroupBy':
      return groupsTable(unnamed(caption, value), value)
    case 'TTest':
    case 'Anova':
      return groupsTable(`${unnamed(caption, value)}; ${tested(value.test, reasonOf(value))}`, value)
    case 'Contingency':
      return contingencyTable(unnamed(caption, value), value)
    case 'Proportion': {
      const [low, high] = value.interval ?? [null, null]
      const figures: Cell[] = [value.successes, value.count, value.missing, value.proportion, low, high]
      const row = [value.feature, ...(value.suppressed ? figures.map(() => WITHHELD) : figures)]
      return new ResultTable(caption, ['feature', 'successes', 'count', 'missing', 'proportion', '2.5 %', '97.5 %'], [row])
    }
    case 'Covariance':
    case 'Correlation':
      return matrixTable(caption, value)
    case 'KaplanMeier':
      return survivalTable(
        `${unnamed(caption, value)}${value.keys.length > 0 ? `; log-rank ${tested(value.logRank)}` : ''}`,
        value,
      )
    default:
      return value satisfies never
  }
}

function unnamed(caption: string, { unnamedAt }: { readonly unnamedAt: number }): string {
  return unnamedAt === 0 ? caption : `${caption}; ${unnamedAt} of them withheld groups of too few records`
}

/** Why there is no test of samples, in words. */
function reasonOf({ kind, untested, groups }: StatisticValueOf<'TTest' | 'Anova'>): string | null {
  switch (untested) {
    case null:
      return null
    case 'withheld':
      return 'a site withheld figures of a group'
    case 'group_count':
      return `${groups.filter(({ key }) => key[0] !== null).length} groups, where ${kind === 'TTest' ? 'two' : 'at least two'} are compared`
    case 'too_few_values':
      return 'too few values'
    case 'no_variance':
      return 'no group varies'
    case 'too_large':
      return 'the values are too large to be squared'
    default:
      return untested satisfies never
  }
}

function tested(test: { readonly statistic: number; readonly pValue: number } | null, reason: string | null = null): string {
  return test === null
    ? ['not tested', reason].filter((part) => part !== null).join(': ')
    : `statistic ${Number(test.statistic.toPrecision(6))}, p = ${Number(test.pValue.toPrecision(4))}`
}

const FIGURES = ['sum', 'mean', 'variance', 'std', 'minimum', 'maximum'] as const

type NamedCell = [string, Cell]

/** Names and cells of a feature's figures, those alone that were asked for. */
function figuresOf(column: ColumnValue): NamedCell[] {
  const figures: NamedCell[] = [
    ['count', column.count],
    ['missing', column.missing],
    ...FIGURES.flatMap((name): NamedCell[] => (column[name] === undefined ? [] : [[name, column[name]]])),
    ...(column.quantiles ?? []).map(({ probability, value }): NamedCell => [percent(probability), value]),
  ]
  return column.suppressed ? figures.map(([name]) => [name, WITHHELD]) : figures
}

/** Between which ends each quantile certainly lies. */
function boundsOf({ quantiles, suppressed }: ColumnValue): NamedCell[] {
  return (quantiles ?? []).flatMap(({ probability, lower, upper }): NamedCell[] => [
    [`${percent(probability)} from`, suppressed ? WITHHELD : lower],
    [`${percent(probability)} to`, suppressed ? WITHHELD : upper],
  ])
}

function percent(probability: number): string {
  return `${Number((100 * probability).toPrecision(6))} %`
}

function columnsTable(
  caption: string,
  columns: readonly ColumnValue[],
  others: (column: ColumnValue) => NamedCell[] = () => [],
): ResultTable {
  const figures = columns.map((column) => new Map([...figuresOf(column), ...others(column)]))
  const names = [...new Set(figures.flatMap((figure) => [...figure.keys()]))]
  const rows = columns.map(({ name }, index) => [name, ...names.map((figure) => figures[index]?.get(figure) ?? null)])
  return new ResultTable(caption, ['feature', ...names], rows)
}

/** Figures by pairs of features; how many records they rest on stands in the caption. */
function matrixTable(caption: string, { features, values, counts }: StatisticValueOf<'Covariance' | 'Correlation'>): ResultTable {
  const told = counts.flat().filter((count) => count !== null)
  const rest = told.length === 0 ? '' : `; ${Math.min(...told)} to ${Math.max(...told)} of them by pair`
  const cell = (row: number, column: number): Cell => values[row]?.[column] ?? (counts[row]?.[column] === null ? WITHHELD : null)
  const rows = features.map((name, row) => [name, ...features.map((_, column) => cell(row, column))])
  return new ResultTable(`${caption}${rest}`, ['', ...features], rows)
}

interface Groups {
  readonly kind: string
  readonly keys: readonly string[]
  readonly groups: readonly GroupValue[]
  readonly edges?: readonly number[]
}

function groupsTable(caption: string, { keys, groups, edges }: Groups): ResultTable {
  const figures = groups.map(
    ({ columns }) =>
      new Map(columns.flatMap((column) => figuresOf(column).map(([name, cell]) => [`${column.name} ${name}`, cell]))),
  )
  const names = [...new Set(figures.flatMap((figure) => [...figure.keys()]))]
  const rows = groups.map(({ key, records, suppressed }, index) => [
    ...key.map((value) => (edges ? binName(value, edges) : value)),
    suppressed ? WITHHELD : records,
    ...names.map((name) => (suppressed ? WITHHELD : (figures[index]?.get(name) ?? null))),
  ])
  return new ResultTable(caption, [...keys, 'records', ...names], rows)
}

function binName(bin: Cell, edges: readonly number[]): Cell {
  if (typeof bin !== 'number') return bin ?? 'missing'
  return `[${edges[bin]}, ${edges[bin + 1]}${bin === edges.length - 2 ? ']' : ')'}`
}

function contingencyTable(caption: string, value: StatisticValueOf<'Contingency'>): ResultTable {
  const { keys, rowKeys, columnKeys, counts, chiSquare, fisher } = value
  const tests = [chiSquare && `χ² ${tested(chiSquare)}`, fisher && `Fisher p = ${Number(fisher.pValue.toPrecision(4))}`].filter(
    Boolean,
  )
  const rows = rowKeys.map((key, row) => [
    key === null ? 'missing' : key,
    ...(counts[row] ?? []).map((count) => count ?? WITHHELD),
  ])
  return new ResultTable(
    [caption, ...tests].join('; '),
    [keys.join(' \\ '), ...columnKeys.map((key) => String(key ?? 'missing'))],
    rows,
  )
}

const SURVIVAL = ['at risk', 'events', 'censored', 'survival', '2.5 %', '97.5 %'] as const

function survivalTable(caption: string, { keys, groups }: StatisticValueOf<'KaplanMeier'>): ResultTable {
  const rows = groups.flatMap(({ key, points, suppressed, missing }): Cell[][] => {
    if (suppressed) return [[...key, WITHHELD, null, ...SURVIVAL.map(() => WITHHELD)]]
    return points.map(({ time, atRisk, events, censored, survival, interval }): Cell[] => {
      const [low, high] = interval ?? [null, null]
      return [...key, missing ?? WITHHELD, time, atRisk, events, censored, survival, low, high]
    })
  })
  return new ResultTable(caption, [...keys, 'missing', 'time', ...SURVIVAL], rows)
}
