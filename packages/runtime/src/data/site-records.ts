import { type Column, createFrame, type Frame, type KeyValue, type Label } from '@flotta/algorithms'
import {
  commonType,
  FlottaError,
  type GroupKey,
  hasNumbersAtMost,
  isNumericType,
  keyValueOf,
  type Query,
  type TypedFeature,
  unknownFeatureText,
} from '@flotta/contract'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import { concatNumbers, concatTexts } from './concat.ts'
import { type Groups, mergeGroups } from './groups.ts'
import { type CompiledQuery, compileQuery } from './query/compile-query.ts'
import type { Table } from './table.ts'
import type { TableCache } from './table-cache.ts'

interface Part {
  readonly table: Table
  readonly compiled: CompiledQuery
}

/**
 * The records of one site that a query selects: all its tables that are offered to the project, one after the other, as if they
 * were one (E4). Columns are matched by name, and their types reconciled.
 */
export class SiteRecords {
  readonly #parts: readonly Part[]
  /** What the query offers at every table, in the order of the first one. */
  readonly columns: readonly TypedFeature[]

  private constructor(parts: readonly Part[]) {
    this.#parts = parts
    this.columns = sharedColumns(parts.map(({ compiled }) => compiled.columns))
  }

  /** @throws {FlottaError} what opening and compiling throw, and `datasource_unavailable` when the project has no table here */
  static async select(sources: readonly DatasourceSource[], query: Query, tables: TableCache): Promise<SiteRecords> {
    if (sources.length === 0)
      throw new FlottaError('datasource_unavailable', undefined, {
        cause: 'no data source of this client is attached to the project',
      })
    const opened = await Promise.all(sources.map((source) => tables.open(source)))
    return new SiteRecords(opened.map((table) => ({ table, compiled: compileQuery(query, table.schema, table.beside) })))
  }

  /** The transformers that the query ends with. */
  get transformers(): CompiledQuery['transformers'] {
    return this.#parts[0]!.compiled.transformers
  }

  /** The column of this name, of the type that all tables agree on. @throws {FlottaError} `unknown_feature` */
  column(name: string): TypedFeature {
    const column = this.columns.find((candidate) => candidate.name === name)
    if (column === undefined) throw new FlottaError('unknown_feature', unknownFeatureText(name, this.columns))
    return column
  }

  async count(): Promise<number> {
    const counts = await Promise.all(this.#parts.map(({ table, compiled }) => table.count(compiled)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /**
   * Columns of numbers, in the order of the files; truth values are 0 and 1, what is missing is NaN.
   *
   * @throws {FlottaError} `unknown_feature`, `unsuitable_feature`
   */
  async frame(names: readonly string[]): Promise<Frame> {
    for (const name of names) requireNumeric(this.column(name))
    return createFrame(names, await this.#numbers(names))
  }

  /**
   * Columns of numbers and texts: numeric features as in `frame`, every other one as text (dates and times in their one text), with null
   * where it is missing.
   *
   * @throws {FlottaError} `unknown_feature`
   */
  async mixedFrame(names: readonly string[]): Promise<Frame<Column>> {
    const numeric = names.filter((name) => isNumericType(this.column(name).type))
    const numbers = new Map((await this.#numbers(numeric)).map((values, index) => [numeric[index], values]))
    const columns = await Promise.all(names.map((name) => numbers.get(name) ?? this.#texts(name)))
    return createFrame<Column>(names, columns)
  }

  /** The labels of all records; null where one is missing. Numbers stay numbers, truth values truth values, all else is text. */
  async labels(name: string): Promise<(Label | null)[]> {
    const { type } = this.column(name)
    if (!isNumericType(type)) return this.#texts(name)
    const [values] = await this.#numbers([name])
    requireExact(name, type, values!)
    return Array.from(values!, (value) => (Number.isNaN(value) ? null : type === 'boolean' ? value === 1 : value))
  }

  /**
   * The records by some keys, with number and sum of some features in each group; one group without any keys. What is no number has
   * no sum.
   *
   * @throws {FlottaError} `unknown_feature`, and `unsuitable_feature` for bins of what is no number
   */
  async groups(keys: readonly GroupKey[], features: readonly string[]): Promise<Groups> {
    const columns = features.map((name) => this.column(name))
    const typed = keys.map((key) => ({ key, type: this.key(key).type }))
    const groups = mergeGroups(
      await Promise.all(this.#parts.map(({ table, compiled }) => table.groups(typed, columns, compiled))),
    )
    for (const [index, { key, type }] of typed.entries())
      if (!('edges' in key || 'equals' in key)) requireExact(key.feature, type, groups.keys[index]!)
    return groups
  }

  /**
   * The column that groups are made of by this key.
   *
   * @throws {FlottaError} `unknown_feature`, and `unsuitable_feature` for bins of what is no number and for a value that no record could have
   */
  key(key: GroupKey): TypedFeature {
    const column = this.column(key.feature)
    if ('edges' in key) requireNumeric(column)
    if ('equals' in key && keyValueOf(key.equals, column.type) === undefined)
      throw new FlottaError(
        'unsuitable_feature',
        `"${column.name}" is of type ${column.type}, and never ${JSON.stringify(key.equals)}.`,
      )
    return column
  }

  async #numbers(names: readonly string[]): Promise<Float64Array[]> {
    if (names.length === 0) return []
    const parts = await Promise.all(this.#parts.map(({ table, compiled }) => table.numbers(names, compiled)))
    return names.map((_, index) => concatNumbers(parts.map((columns) => columns[index]!)))
  }

  async #texts(name: string): Promise<(string | null)[]> {
    const column = this.column(name)
    return concatTexts(await Promise.all(this.#parts.map(({ table, compiled }) => table.texts(column, compiled))))
  }
}

/**
 * The columns that all tables have, with the type that each has in common.
 *
 * @throws {FlottaError} `unsuitable_feature` for a column whose types can't be reconciled
 */
function sharedColumns([first = [], ...others]: readonly (readonly TypedFeature[])[]): TypedFeature[] {
  return first.flatMap(({ name, type }) => {
    const alike = others.map((columns) => columns.find((column) => column.name === name)?.type)
    if (alike.includes(undefined)) return []
    const common = commonType([type, ...(alike as TypedFeature['type'][])])
    if (common === undefined)
      throw new FlottaError(
        'unsuitable_feature',
        `"${name}" is of types that have nothing in common: ${[type, ...alike].join(', ')}.`,
      )
    return [{ name, type: common }]
  })
}

/**
 * Whole numbers as values of groups and labels: beyond 2⁵³ several of them are one double, and different identifiers would count as one.
 *
 * @throws {FlottaError} `unsuitable_feature`
 */
function requireExact(name: string, type: TypedFeature['type'], values: ArrayLike<KeyValue>): void {
  if (type !== 'integer') return
  for (let place = 0; place < values.length; place++)
    if (Math.abs(Number(values[place])) > Number.MAX_SAFE_INTEGER)
      throw new FlottaError(
        'unsuitable_feature',
        `"${name}" has whole numbers beyond 2^53, which can't be told apart here: its owner declares it as string to group by it.`,
      )
}

/** @throws {FlottaError} `unsuitable_feature` for values that are no numbers */
export function requireNumeric({ name, type }: TypedFeature): void {
  if (!hasNumbersAtMost(type))
    throw new FlottaError('unsuitable_feature', `"${name}" is of type ${type}; numbers are needed here.`)
}
