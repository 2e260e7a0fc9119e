import { type ColumnType, isNumericType, type TypedFeature } from '@flotta/contract'
import { quoteName } from '../data/sql-text.ts'
import type { Table } from '../data/table.ts'
import type { FeatureDeclaration } from '../ports/datasource-source.ts'
import type { ReleasePolicy } from '../ports/task-executor.ts'
import { guardedQuantiles } from './guarded-quantiles.ts'
import { type Moments, momentsOf } from './moments.ts'

/** What is known of a column at the site; what is published of it is decided elsewhere. */
export interface ColumnFigures {
  readonly name: string
  readonly type: ColumnType
  readonly declared: FeatureDeclaration | undefined
  readonly missing: number
  /** Of numeric columns. */
  readonly moments: Moments | undefined
  readonly quantiles: readonly number[] | undefined
  /** Number of distinct values of the other columns. */
  readonly distinct: number | undefined
  /** The values that at least as many records have as a cell must, the most frequent first; of text of few values. */
  readonly values: readonly { readonly value: string; readonly records: number }[] | undefined
}

export interface TableFigures {
  readonly records: number
  readonly columns: readonly ColumnFigures[]
}

/** Text of more distinct values than this, or than a third of its records, is no category (DataSHIELD's `nfilter.levels`). */
const MAX_LEVELS = 40
const MAX_LEVELS_SHARE = 0.33

/** Columns whose numbers are held at once. */
const GROUP = 8

/** Reads the figures of a whole table; exact but for the quantiles, which no single record decides. */
export async function figuresOf(
  table: Table,
  features: readonly FeatureDeclaration[],
  policy: ReleasePolicy,
): Promise<TableFigures> {
  const numeric = table.schema.filter(({ type }) => isNumericType(type))
  const others = table.schema.filter(({ type }) => !isNumericType(type))
  const [records = 0, ...counts] = await countsOf(table, others)
  const columns = new Map<string, ColumnFigures>()
  for (let start = 0; start < numeric.length; start += GROUP) {
    const group = numeric.slice(start, start + GROUP)
    const names = group.map(({ name }) => name)
    const numbers = await table.numbers(names, table.all)
    for (const [index, column] of group.entries()) {
      columns.set(column.name, {
        ...column,
        ...unknown,
        missing: counts[table.schema.indexOf(column)]!,
        moments: momentsOf(numbers[index]!),
        quantiles: column.type === 'boolean' ? undefined : guardedQuantiles(numbers[index]!, policy.minimumCell),
      })
    }
  }
  for (const [index, column] of others.entries()) {
    const missing = counts[table.schema.indexOf(column)]!
    const distinct = counts[table.schema.length + index]!
    const values =
      column.type === 'string' && isCategorical(distinct, records - missing)
        ? await table.frequencies(column.name, policy.minimumCell)
        : undefined
    columns.set(column.name, { ...column, ...unknown, missing, distinct, values })
  }
  return {
    records,
    columns: table.schema.map(({ name }) => ({
      ...columns.get(name)!,
      declared: features.find(({ feature }) => feature === name),
    })),
  }
}

const unknown = { declared: undefined, moments: undefined, quantiles: undefined, distinct: undefined, values: undefined }

/** The records of the table, what each column misses, and the distinct values of those that are not numbers. */
async function countsOf(table: Table, others: readonly TypedFeature[]): Promise<number[]> {
  const missing = table.schema.map(({ name }) => `count(*) - count(${quoteName(name)})`)
  const distinct = others.map(({ name }) => `count(DISTINCT ${quoteName(name)})`)
  return (await table.figures(['count(*)', ...missing, ...distinct])).map((figure) => figure ?? 0)
}

function isCategorical(distinct: number, present: number): boolean {
  return distinct > 0 && distinct <= MAX_LEVELS && distinct <= MAX_LEVELS_SHARE * present
}
