import { isNumericType } from '@flotta/contract'
import type { Table } from '../data/table.ts'
import type { TableCache } from '../data/table-cache.ts'
import { publishedMissingCells } from '../metadata/missing-cells.ts'
import { publishedMetadata } from '../metadata/publish.ts'
import { figuresOf } from '../metadata/table-figures.ts'
import type { DescribeOutcome, DescribeRequest } from '../ports/task-executor.ts'
import { orFailed } from './failed-outcome.ts'

/** From so many numbers on a table is worth the while of several processes. */
const LARGE = 2 ** 22

/** A table that is described faster by several processes, with the names of its columns. */
export interface LargeTable {
  readonly kind: 'large'
  readonly columns: readonly string[]
}

/** Reads what is published of a table, or of some of its columns. */
export function describeTable(
  request: DescribeRequest,
  tables: TableCache,
  columns?: readonly string[],
): Promise<DescribeOutcome> {
  return orFailed(async () => described(request, await tables.open(request.source), columns))
}

/** The same of a whole table, unless it is large. One that is in the memory of this process alone is never large: others would have to read it anew. */
export function describeUnlessLarge(request: DescribeRequest, tables: TableCache): Promise<DescribeOutcome | LargeTable> {
  return orFailed<DescribeOutcome | LargeTable>(async () => {
    const table = await tables.open(request.source)
    const isLarge = table.isStored && numbersOf(table) >= LARGE
    return isLarge ? { kind: 'large', columns: table.schema.map(({ name }) => name) } : described(request, table)
  })
}

async function described(
  { source, publish, policy }: DescribeRequest,
  table: Table,
  columns?: readonly string[],
): Promise<DescribeOutcome> {
  const figures = await figuresOf(table, source.features ?? [], policy, columns)
  const metadata = publishedMetadata(source.name, figures, publish, policy)
  return { kind: 'described', metadata: { ...metadata, ...publishedMissingCells(source) } }
}

function numbersOf({ schema, records }: Table): number {
  return schema.filter(({ type }) => isNumericType(type)).length * records
}
