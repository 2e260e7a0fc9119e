import { selectNumbers } from '@flotta/algorithms'
import { isTime, type Scalar, type TypedFeature } from '@flotta/contract'
import type { ColumnCache } from './column-cache.ts'
import type { CompiledQuery } from './query/compile-query.ts'
import { timeText } from './query/time-text.ts'
import type { OpenResult, SelectRunner } from './select-runner.ts'
import { quoteName, ROW } from './sql-text.ts'
import { TextColumn } from './text-column.ts'
import { DoubleColumn, integersOf } from './vectors.ts'

/** The records of a compiled query. */
export type Selection = Pick<CompiledQuery, 'source' | 'rowSource' | 'origins' | 'parameters'>

let tables = 0

/** Takes columns out of the query engine; those of the table itself stay in a cache, from which queries select records. */
export class TableColumns {
  readonly #selects: SelectRunner
  readonly #cache: ColumnCache
  readonly #records: number
  readonly #id = tables++
  readonly #placesOf = new WeakMap<Selection, Promise<Int32Array>>()

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
    const kept = plain.length <= this.#cache.capacity(this.#records) ? plain : []
    const computed = names.filter((name) => !kept.includes(name))
    const columns = [...(await this.#selected(kept, selection)), ...(await this.#extract(computed, selection))]
    const found = new Map([...kept, ...computed].map((name, index) => [name, columns[index]!]))
    return names.map((name) => found.get(name)!)
  }

  /**
   * Visits columns of numbers of the whole table, in no particular order. Beside the cache no more of them are held than fit into it.
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
    const batches = this.#batchesOf(absent)
    const scratch = (batches[0] ?? []).map(() => this.#lend(this.#records))
    let ahead = batches[0] && (await this.#open(batches[0], everything))
    try {
      for (const [index, batch] of batches.entries()) {
        const current = ahead!
        ahead = undefined
        const columns = await fill(current, scratch.slice(0, batch.length))
        const next = batches[index + 1]
        // The engine makes the next columns while these are visited.
        ahead = next && (await this.#open(next, everything))
        for (const [place, name] of batch.entries()) visit(name, columns[place]!)
      }
    } finally {
      await ahead?.giveUp()
    }
  }

  /** A column of text or of times, in the order of the source; a missing value is null. */
  async texts({ name, type }: TypedFeature, { source, parameters }: Selection): Promise<(string | null)[]> {
    const column = new TextColumn()
    const text = isTime(type) ? timeText(quoteName(name)) : `CAST(${quoteName(name)} AS VARCHAR)`
    const sql = `SELECT ${text} FROM ${source}`
    const rows = await this.#rowsOf({ source, parameters })
    await this.#selects.stream({ sql, parameters, rows }, (chunk) => column.append(chunk, 0))
    return column.values()
  }

  /** Forgets what is in the cache. */
  drop(): void {
    this.#cache.drop(this.#id)
  }

  /** The selected records of columns of the table. */
  async #selected(names: readonly string[], selection: Selection): Promise<Float64Array[]> {
    const { rowSource, origins } = selection
    if (names.length === 0) return []
    const columns = await this.#whole(names.map((name) => origins.get(name)!))
    if (rowSource === null) return columns
    const places = await this.#places(selection, rowSource)
    return selectNumbers(columns, places, () => this.#lend(places.length))
  }

  async #whole(names: readonly string[]): Promise<Float64Array[]> {
    const known = new Map(names.map((name) => [name, this.#cache.get(this.#id, name)]))
    const absent = [...known.keys()].filter((name) => known.get(name) === undefined)
    for (const batch of this.#batchesOf(absent)) {
      const columns = await this.#fill(
        batch,
        everything,
        batch.map(() => new Float64Array(this.#records)),
      )
      for (const [index, name] of batch.entries()) {
        known.set(name, columns[index]!)
        this.#cache.set(this.#id, name, columns[index]!)
      }
    }
    return names.map((name) => known.get(name)!)
  }

  /** Columns of the table that are taken out at once, no more than fit into the cache. */
  #batchesOf(names: readonly string[]): string[][] {
    const width = Math.max(1, Math.min(WIDEST, this.#cache.capacity(this.#records)))
    return Array.from({ length: Math.ceil(names.length / width) }, (_, index) => names.slice(index * width, (index + 1) * width))
  }

  /** The places of the selected records in the table, ascending; a query is asked for them once, however many columns are taken one by one. */
  #places(selection: Selection, rowSource: string): Promise<Int32Array> {
    const places = this.#placesOf.get(selection) ?? this.#findPlaces(rowSource, selection.parameters)
    this.#placesOf.set(selection, places)
    places.catch(() => this.#placesOf.delete(selection))
    return places
  }

  async #findPlaces(rowSource: string, parameters: readonly Scalar[]): Promise<Int32Array> {
    const places = new Int32Array(this.#cache.lend(this.#records * Int32Array.BYTES_PER_ELEMENT), 0, this.#records)
    let count = 0
    await this.#selects.collect(`SELECT CAST(${quoteName(ROW)} AS INTEGER) FROM ${rowSource}`, parameters, (chunk) => {
      places.set(integersOf(chunk, 0), count)
      count += chunk.rowCount
    })
    return places.subarray(0, count)
  }

  #extract(names: readonly string[], records: Records): Promise<Float64Array[]> {
    const memory = records.source === everything.source ? () => new Float64Array(this.#records) : () => undefined
    return this.#fill(names, records, names.map(memory))
  }

  /** Takes columns of numbers out of the query engine. */
  async #fill(
    names: readonly string[],
    records: Records,
    memory: readonly (Float64Array | undefined)[],
  ): Promise<Float64Array[]> {
    return names.length === 0 ? [] : fill(await this.#open(names, records), memory)
  }

  async #open(names: readonly string[], records: Records): Promise<OpenResult> {
    const { source, parameters } = records
    const rows = await this.#rowsOf(records)
    return this.#selects.open({ sql: `SELECT ${names.map(asDouble).join(', ')} FROM ${source}`, parameters, rows })
  }

  async #rowsOf({ source, parameters }: Records): Promise<number> {
    return source === everything.source ? this.#records : this.#selects.count(source, parameters)
  }

  /** Memory for a column that goes with the job. */
  #lend(values: number): Float64Array {
    return new Float64Array(this.#cache.lend(values * Float64Array.BYTES_PER_ELEMENT), 0, values)
  }
}

/** @param memory where the values of each column go */
async function fill(result: OpenResult, memory: readonly (Float64Array | undefined)[]): Promise<Float64Array[]> {
  const columns = memory.map((each) => new DoubleColumn(each))
  await result.visit((chunk) => {
    for (const [index, column] of columns.entries()) column.append(chunk, index)
  })
  return columns.map((column) => column.values())
}

type Records = Pick<Selection, 'source' | 'parameters'>

/** All records of the table. */
const everything: Records = { source: 'data', parameters: [] }

/** Columns are taken out together, since each part of a result has a price of its own; with more of them it weighs no more. */
const WIDEST = 4

/** Missing stays missing: a column of doubles reads it as NaN. */
function asDouble(name: string): string {
  return `CAST(${quoteName(name)} AS DOUBLE)`
}
