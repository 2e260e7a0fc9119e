import { createFrame, type Frame, type Label } from '@flotta/algorithms'
import { FlottaError, isNumericType, type Query } from '@flotta/contract'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import { findColumn } from './compile-condition.ts'
import { type CompiledQuery, compileQuery } from './compile-query.ts'
import { concat } from './concat.ts'
import type { Column } from './feature-type.ts'
import type { Table } from './table.ts'
import type { TableCache } from './table-cache.ts'

interface Part {
  readonly table: Table
  readonly compiled: CompiledQuery
}

/**
 * The records of one site that a query selects: all its tables that are offered to the project, one after the other, as if they
 * were one (E4). Columns are matched by name.
 */
export class SiteRecords {
  readonly #parts: readonly Part[]

  private constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  /** @throws {FlottaError} what opening and compiling throw, and `datasource_unavailable` when the project has no table here */
  static async select(sources: readonly DatasourceSource[], query: Query, tables: TableCache): Promise<SiteRecords> {
    if (sources.length === 0)
      throw new FlottaError('datasource_unavailable', undefined, {
        cause: 'no data source of this client is attached to the project',
      })
    const opened = await Promise.all(sources.map((source) => tables.open(source)))
    return new SiteRecords(opened.map((table) => ({ table, compiled: compileQuery(query, table.schema) })))
  }

  /** What the query offers, by the first table; the others must have the same names. */
  get columns(): readonly Column[] {
    return this.#parts[0]!.compiled.columns
  }

  get splitter(): CompiledQuery['splitter'] {
    return this.#parts[0]!.compiled.splitter
  }

  async count(): Promise<number> {
    const counts = await Promise.all(this.#parts.map(({ table, compiled }) => table.count(compiled)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** @throws {FlottaError} `unknown_feature`, `unsuitable_feature` */
  async frame(names: readonly string[]): Promise<Frame> {
    for (const { compiled } of this.#parts) for (const name of names) requireNumeric(findColumn(name, compiled.columns))
    const parts = await Promise.all(this.#parts.map(({ table, compiled }) => table.numbers(names, compiled)))
    return createFrame(
      names,
      names.map((_, index) => concat(parts.map((columns) => columns[index]!))),
    )
  }

  /** The labels of all records; null where one is missing. Numbers stay numbers, truth values truth values, all else is text. */
  async labels(name: string): Promise<(Label | null)[]> {
    const parts = await Promise.all(this.#parts.map((part) => labelsOf(part, name)))
    return parts.flat()
  }
}

async function labelsOf({ table, compiled }: Part, name: string): Promise<(Label | null)[]> {
  const { type } = findColumn(name, compiled.columns)
  if (!isNumericType(type)) return table.texts(name, compiled)
  const [values] = await table.numbers([name], compiled)
  return Array.from(values!, (value) => (Number.isNaN(value) ? null : type === 'boolean' ? value === 1 : value))
}

function requireNumeric({ name, type }: Column): void {
  if (!isNumericType(type)) throw new FlottaError('unsuitable_feature', `"${name}" is of type ${type}; numbers are needed here.`)
}
