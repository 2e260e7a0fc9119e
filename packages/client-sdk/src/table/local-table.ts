import type { Frame, Label } from '@flotta/algorithms'

const MISSING = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL'])

/** A table in this process: columns by name, as text until they are asked for as numbers or labels. */
export class LocalTable {
  readonly names: readonly string[]
  readonly rowCount: number
  readonly #columns: ReadonlyMap<string, readonly string[]>

  /** @param rows one array of cells a record, in the order of `names` */
  constructor(names: readonly string[], rows: readonly (readonly string[])[]) {
    this.names = names
    this.rowCount = rows.length
    this.#columns = new Map(names.map((name, index) => [name, rows.map((row) => row[index] ?? '')]))
  }

  /** @throws {RangeError} when there is no such column */
  text(name: string): readonly string[] {
    const column = this.#columns.get(name)
    if (column === undefined) throw new RangeError(`there is no column "${name}"; the columns are ${this.names.join(', ')}`)
    return column
  }

  /**
   * A column as numbers; a missing cell is NaN.
   *
   * @throws {TypeError} when a cell is not a number
   */
  numbers(name: string): Float64Array {
    return Float64Array.from(this.text(name), (cell) => {
      if (MISSING.has(cell.trim())) return Number.NaN
      const value = Number(cell)
      if (Number.isNaN(value)) throw new TypeError(`column "${name}" holds something else than numbers`)
      return value
    })
  }

  /** A column as labels: numbers where every cell is one, text otherwise. */
  labels(name: string): readonly Label[] {
    const cells = this.text(name)
    return cells.every((cell) => cell.trim() !== '' && Number.isFinite(Number(cell))) ? cells.map(Number) : cells
  }

  /** Columns as a frame of numbers, for a model to be trained on or to predict from. */
  frame(names: readonly string[]): Frame {
    return { rowCount: this.rowCount, names: [...names], columns: names.map((name) => this.numbers(name)) }
  }
}
