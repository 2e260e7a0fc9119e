import type { Column, Frame, InputColumn, Label } from '@flotta/algorithms'

const MISSING = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL'])
const TRUTH_VALUES = new Map([
  ['true', 1],
  ['false', 0],
])

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

  /** A column as text; a missing cell is null. */
  texts(name: string): readonly (string | null)[] {
    return this.text(name).map((cell) => (MISSING.has(cell.trim()) ? null : cell))
  }

  /**
   * A column as numbers; a missing cell is NaN, and true and false are 1 and 0, as at a site.
   *
   * @throws {TypeError} when a cell is not a number
   */
  numbers(name: string): Float64Array {
    return Float64Array.from(this.text(name), (cell) => {
      const text = cell.trim()
      if (MISSING.has(text)) return Number.NaN
      const value = TRUTH_VALUES.get(text.toLowerCase()) ?? Number(text)
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

  /** Columns of numbers and texts as a frame, for the preparation that a model came with. */
  columns(inputs: readonly InputColumn[]): Frame<Column> {
    return {
      rowCount: this.rowCount,
      names: inputs.map(({ name }) => name),
      columns: inputs.map(({ name, type }) => (type === 'numbers' ? this.numbers(name) : this.texts(name))),
    }
  }
}
