import { selectValues } from '@flotta/algorithms'
import type { Scalar } from '@flotta/contract'
import type { ColumnCache } from './column-cache.ts'
import { type CompiledQuery, ROW } from './query/compile-query.ts'
import type { SelectRunner } from './select-runner.ts'
import { quoteName } from './sql-text.ts'
import { DoubleColumn, integersOf, textsOf } from './vectors.ts'

/** The records of a compiled query. */
export type Selection = Pick<CompiledQuery, 'source' | 'rowSource' | 'origins' | 'parameters'>

let tables = 0

/** Takes columns out of the query engine; those of the table itself stay in a cache, from which queries select records. */
export class TableColumns {
  readonly #selects: SelectRunner
  readonly #cache: ColumnCache
  readonly #records: number
  readonly #id = tables++

  /** @param records of the table */
  constructor(selects: SelectRunner, cache: ColumnCache, records: number) {
    this.#selects = selects
    this.#cache = cache
    this.#records = records
  }

  /** Columns of numbers, in the order of the source; truth values are 0 and 1, what is missing is NaN. To be read only. */
  async numbers(names: readonly string[], selection: Selection): Promise<Float64Array[]> {
    const { origins } = selection
    const plain = names.filter((name) => origins.has(name))
    const kept = this.#cache.fits(plain.length * this.#records) ? plain : []
    const computed = names.filter((name) => !kept.includes(name))
    const columns = [...(await this.#selected(kept, selection)), ...(await this.#extract(computed, selection))]
    const found = new Map([...kept, ...computed].map((name, index) => [name, columns[index]!]))
    return names.map((name) => found.get(name)!)
  }

  /**
   * Visits columns of numbers of the whole table, in no particular order, never holding more than two of them beside the cache.
   *
   * @param visit gets values that are there until it returns
   */
  async each(names: readonly string[], visit: (name: string, values: Float64Array) => void): Promise<void> {
    const absent: string[] = []
    for (const name of names) {
      const known = this.#cache.get(this.#id, name)
      if (known === undefined) absent.push(name)
      else visit(name, known)
    }
    if (this.#cache.fits(this.#records)) {
      const scratch = new DoubleColumn(this.#records)
      await this.#takeOut(
        absent,
        () => scratch,
        (name) => visit(name, scratch.values()),
      )
    } else for (const name of absent) visit(name, (await this.#extract([name], { source: 'data', parameters: [] }))[0]!)
  }

  /** A column of text, in the order of the source; a missing value is null. */
  async texts(name: string, { source, parameters }: Selection): Promise<(string | null)[]> {
    const values: (string | null)[] = []
    await this.#selects.stream(`SELECT CAST(${quoteName(name)} AS VARCHAR) FROM ${source}`, parameters, (chunk) => {
      for (const value of textsOf(chunk, 0)) values.push(value)
    })
    return values
  }

  /** Forgets what is in the cache. */
  drop(): void {
    this.#cache.drop(this.#id)
  }

  /** The selected records of columns of the table. */
  async #selected(names: readonly string[], { rowSource, origins, parameters }: Selection): Promise<Float64Array[]> {
    if (names.length === 0) return []
    const columns = await this.#whole(names.map((name) => origins.get(name)!))
    if (rowSource === null) return columns
    const rows = await this.#rows(rowSource, parameters)
    return columns.map((column) => selectValues(column, rows))
  }

  async #whole(names: readonly string[]): Promise<Float64Array[]> {
    const known = new Map(names.map((name) => [name, this.#cache.get(this.#id, name)]))
    const absent = [...known.keys()].filter((name) => known.get(name) === undefined)
    const columns = new Map(absent.map((name) => [name, new DoubleColumn(this.#records)]))
    await this.#takeOut(
      absent,
      (name) => columns.get(name)!,
      (name) => {
        const values = columns.get(name)!.values()
        known.set(name, values)
        this.#cache.set(this.#id, name, values)
      },
    )
    return names.map((name) => known.get(name)!)
  }

  /** Fills columns of numbers of the whole table one after the other. */
  #takeOut(names: readonly string[], into: (name: string) => DoubleColumn, done: (name: string) => void): Promise<void> {
    const statements = names.map((name) => `SELECT ${asDouble(name)} FROM data`)
    return this.#selects.collectEach(statements, [], (index, chunks) => {
      const name = names[index]!
      const column = into(name)
      column.clear()
      for (const chunk of chunks) column.append(chunk, 0)
      done(name)
    })
  }

  /** The places of the selected records in the table, ascending. */
  async #rows(source: string, parameters: readonly Scalar[]): Promise<Int32Array> {
    const rows = new Int32Array(this.#records)
    let count = 0
    await this.#selects.collect(`SELECT CAST(${quoteName(ROW)} AS INTEGER) FROM ${source}`, parameters, (chunk) => {
      rows.set(integersOf(chunk, 0), count)
      count += chunk.rowCount
    })
    return rows.subarray(0, count)
  }

  async #extract(
    names: readonly string[],
    { source, parameters }: Pick<Selection, 'source' | 'parameters'>,
  ): Promise<Float64Array[]> {
    if (names.length === 0) return []
    const columns = names.map(() => new DoubleColumn(source === 'data' ? this.#records : undefined))
    await this.#selects.stream(`SELECT ${names.map(asDouble).join(', ')} FROM ${source}`, parameters, (chunk) => {
      for (const [index, column] of columns.entries()) column.append(chunk, index)
    })
    return columns.map((column) => column.values())
  }
}

/** Missing stays missing: a column of doubles reads it as NaN. */
function asDouble(name: string): string {
  return `CAST(${quoteName(name)} AS DOUBLE)`
}
