import type { TypedFeature } from '@flotta/contract'
import { columnsOf, featuresAmong, withoutValues } from './canonical-types.ts'
import { ColumnCache } from './column-cache.ts'
import type { Engine } from './engine.ts'
import { GroupQuery, type TypedKey } from './group-query.ts'
import type { Groups } from './groups.ts'
import { SelectRunner } from './select-runner.ts'
import { quoteName } from './sql-text.ts'
import type { TableDraft } from './stored-table.ts'
import { type Selection, TableColumns } from './table-columns.ts'
import { addTallies, lacksTallies, type Tallies, talliesAmong } from './tallies.ts'

/** Where a table is: the file that holds it, or memory, with the file that it may become. */
export interface TablePlace {
  readonly path?: string
  readonly draft?: TableDraft | undefined
  /** Puts a file with tallies in the place of that file. */
  readonly tally?: () => Promise<void>
  /** The columns whose type its owner has declared. */
  readonly declared?: readonly string[] | undefined
  /** Where its columns stay between jobs. @default one of its own, without limit */
  readonly columns?: ColumnCache | undefined
}

/**
 * One table in a query engine of its own.
 *
 * Once the source is loaded the engine is closed to the outside: no file, network or extension can be reached, and no setting can be
 * changed back. So even a query that should not exist could read this one table and nothing else.
 */
export class Table {
  readonly schema: readonly TypedFeature[]
  /** How many records it has. */
  readonly records: number
  /** All of them. */
  readonly all: Selection
  readonly #engine: Engine
  readonly #place: TablePlace
  readonly #selects: SelectRunner
  readonly #columns: TableColumns
  readonly #tallies: Tallies
  readonly #lacksTallies: boolean
  #isReplaced = false
  #kept: Promise<void> | undefined

  private constructor(
    engine: Engine,
    schema: readonly TypedFeature[],
    columns: readonly string[],
    records: number,
    place: TablePlace,
  ) {
    this.schema = schema
    this.records = records
    this.all = { source: 'data', rowSource: null, origins: new Map(schema.map(({ name }) => [name, name])), parameters: [] }
    this.#tallies = talliesAmong(columns)
    this.#lacksTallies = lacksTallies(columns, records)
    this.#engine = engine
    this.#place = place
    this.#selects = new SelectRunner(engine.connection, place.path)
    this.#columns = new TableColumns(this.#selects, place.columns ?? new ColumnCache(), records)
  }

  /** The table `data` of an engine, which is closed to the outside from here on. */
  static async over(engine: Engine, place: TablePlace): Promise<Table> {
    const columns = await columnsOf(engine.connection)
    const reader = await engine.connection.runAndReadAll('SELECT count(*) FROM data')
    const schema = await withoutValues(engine.connection, featuresAmong(columns), place.declared)
    await engine.lockDown()
    return new Table(
      engine,
      schema,
      columns.map(({ name }) => name),
      Number(reader.getRows()[0]![0]),
      place,
    )
  }

  /** Columns of `data` beside the features, which a query passes on for sums. */
  get beside(): readonly string[] {
    return [...this.#tallies.values()].map(({ column }) => column)
  }

  /** Whether it is read from a file of its own, as other processes may too, and is not in memory. */
  get isStored(): boolean {
    return this.#place.path !== undefined
  }

  /** Whether a better file has taken the place of the one that it is read from: who opens it anew has that. */
  get isReplaced(): boolean {
    return this.#isReplaced
  }

  /**
   * Stores a table that was read into memory, once, for the processes that come after, and gives one that was stored without them its tallies;
   * queries are answered meanwhile. Where that fails, as on a full disk, it stays as it is.
   */
  keep(): Promise<void> {
    this.#kept ??= this.#improve().catch(() => undefined)
    return this.#kept
  }

  async #improve(): Promise<void> {
    const { draft, tally } = this.#place
    if (draft !== undefined) await this.#store(draft)
    else if (tally !== undefined && this.#lacksTallies) {
      await tally()
      this.#isReplaced = true
    }
  }

  async #store(draft: TableDraft): Promise<void> {
    const connection = await this.#engine.connect()
    try {
      await connection.run('CREATE TABLE stored.data AS SELECT * FROM memory.data')
      await addTallies(connection, this.schema, { database: 'stored' })
      await connection.run('DETACH stored')
      draft.finish()
    } finally {
      connection.closeSync()
    }
  }

  /** How many records a query selects. */
  count({ source, parameters }: Selection): Promise<number> {
    return this.#selects.count(source, parameters)
  }

  /**
   * Columns of numbers, in the order of the source; truth values are 0 and 1, what is missing is NaN. They may be those of the cache: to
   * be read only.
   */
  numbers(names: readonly string[], selection: Selection): Promise<Float64Array[]> {
    return this.#columns.numbers(names, selection)
  }

  /** Visits columns of numbers of the whole table, in no particular order; the values are there until `visit` returns. */
  eachColumn(names: readonly string[], visit: (name: string, values: Float64Array) => void): Promise<void> {
    return this.#columns.each(names, visit)
  }

  /** A column of text or of times, in the order of the source; a missing value is null. */
  texts(feature: TypedFeature, selection: Selection): Promise<(string | null)[]> {
    return this.#columns.texts(feature, selection)
  }

  /** The records by their keys, with number and sum of some features in each group. */
  async groups(keys: readonly TypedKey[], features: readonly TypedFeature[], selection: Selection): Promise<Groups> {
    const tallyOf = (feature: string) => this.#tallies.get(selection.origins.get(feature) ?? '')
    const query = new GroupQuery(keys, features, tallyOf, selection)
    await this.#selects.collect(query.sql, query.parameters, (chunk) => query.read(chunk))
    return query.result()
  }

  /** The values of a column of text that at least so many records have, the most frequent first. */
  async frequencies(name: string, atLeast: number): Promise<{ value: string; records: number }[]> {
    const found: { value: string; records: number }[] = []
    const column = quoteName(name)
    await this.#selects.collect(
      `SELECT ${column}, CAST(count(*) AS DOUBLE) FROM data WHERE ${column} IS NOT NULL GROUP BY ${column}
       HAVING count(*) >= $1 ORDER BY count(*) DESC, ${column}`,
      [atLeast],
      (chunk) => {
        const records = chunk.getColumnValues(1)
        for (const [row, value] of chunk.getColumnValues(0).entries())
          found.push({ value: String(value), records: Number(records[row]) })
      },
    )
    return found
  }

  /** Figures over the whole table, as numbers; null where there is none. */
  async figures(expressions: readonly string[]): Promise<(number | null)[]> {
    const figures: (number | null)[] = []
    const doubles = expressions.map((expression) => `CAST(${expression} AS DOUBLE)`)
    await this.#selects.collect(`SELECT ${doubles.join(', ')} FROM data`, [], (chunk) => {
      for (const index of expressions.keys()) figures.push(chunk.getColumnValues(index)[0] as number | null)
    })
    return figures
  }

  /** Ends the table, when what is under way has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#selects.settled(), this.#kept])
    this.#columns.drop()
    this.#engine[Symbol.dispose]()
    this.#place.draft?.discard()
  }
}
