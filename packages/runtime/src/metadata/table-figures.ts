import { type MomentsValue, momentsSummary } from '@flotta/algorithms'
import { type ColumnType, isNumericType, type TypedFeature } from '@flotta/contract'
import { quoteName } from '../data/sql-text.ts'
import type { Table } from '../data/table.ts'
import type { FeatureDeclaration } from '../ports/datasource-source.ts'
import type { ReleasePolicy } from '../ports/task-executor.ts'
import { guardedQuantiles } from './guarded-quantiles.ts'
import { rarestOfTwo } from './rarest-of-two.ts'

/** What is known of a column at the site; what is published of it is decided elsewhere. */
export interface ColumnFigures {
  readonly name: string
  readonly type: ColumnType
  readonly declared: FeatureDeclaration | undefined
  readonly missing: number
  /** Of numeric columns. */
  readonly moments: MomentsValue | undefined
  /** Where a numeric column has two different values, how many records have the rarer one: their mean and number tell it. */
  readonly rarest: number | undefined
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

/**
 * Reads the figures of a whole table; exact but for the quantiles, which no single record decides.
 *
 * @param names of the columns that are wanted: those of them that are there; all unless told
 */
export async function figuresOf(
  table: Table,
  features: readonly FeatureDeclaration[],
  policy: ReleasePolicy,
  names?: readonly string[],
): Promise<TableFigures> {
  const wanted = table.schema.filter(({ name }) => names?.includes(name) ?? true)
  const numeric = wanted.filter(({ type }) => isNumericType(type))
  const others = wanted.filter(({ type }) => !isNumericType(type))
  const columns = new Map<string, ColumnFigures>()
  const numericByName = new Map(numeric.map((column) => [column.name, column]))
  await table.eachColumn([...numericByName.keys()], (name, values) => {
    columns.set(name, numericFigures(numericByName.get(name)!, values, policy))
  })
  for (const column of await otherFigures(table, others, policy)) columns.set(column.name, column)
  return {
    records: table.records,
    columns: wanted.map(({ name }) => ({
      ...columns.get(name)!,
      declared: features.find(({ feature }) => feature === name),
    })),
  }
}

function numericFigures(column: TypedFeature, values: Float64Array, { minimumCell }: ReleasePolicy): ColumnFigures {
  const moments = momentsSummary.value(momentsSummary.add(momentsSummary.init(), values))
  return {
    ...column,
    ...unknown,
    missing: values.length - moments.count,
    moments,
    rarest: rarestOfTwo(values),
    quantiles: column.type === 'boolean' ? undefined : guardedQuantiles(values, minimumCell, moments.count),
  }
}

async function otherFigures(table: Table, columns: readonly TypedFeature[], { minimumCell }: ReleasePolicy) {
  if (columns.length === 0) return []
  const figures = await table.figures(
    columns.flatMap(({ name }) => [`count(${quoteName(name)})`, `count(DISTINCT ${quoteName(name)})`]),
  )
  const found: ColumnFigures[] = []
  for (const [index, column] of columns.entries()) {
    const present = figures[2 * index] ?? 0
    const distinct = figures[2 * index + 1] ?? 0
    const values =
      column.type === 'string' && isCategorical(distinct, present) ? await table.frequencies(column.name, minimumCell) : undefined
    found.push({ ...column, ...unknown, missing: table.records - present, distinct, values })
  }
  return found
}

const unknown = {
  declared: undefined,
  moments: undefined,
  rarest: undefined,
  quantiles: undefined,
  distinct: undefined,
  values: undefined,
}

function isCategorical(distinct: number, present: number): boolean {
  return distinct > 0 && distinct <= MAX_LEVELS && distinct <= MAX_LEVELS_SHARE * present
}
