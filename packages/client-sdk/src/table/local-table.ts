import { type Column, createFrame, type Frame, type InputColumn, type Label } from '@flotta/algorithms'
import { type ColumnType, defaultMissing } from '@flotta/contract'
import { type DecimalMark, numberOf, textOf, typeOfCells } from './cell-reading.ts'

/** How cells are written; as the owner of a table tells it his own component. */
export interface CellOptions {
  /** Texts that stand for a missing value; an empty cell does in any case. The same ones as at a site unless told. */
  readonly missing?: readonly string[] | undefined
  /** The decimal mark. @default '.' */
  readonly decimal?: DecimalMark | undefined
}

/** A column of cells, read once it is asked for. */
interface TableColumn {
  readonly cells: readonly string[]
  type?: ColumnType
}

/**
 * A table in this process: columns by name. Its cells are read as those of a file at a site are: each column has the narrowest type
 * that all its cells with a value have.
 */
export class LocalTable {
  readonly names: readonly string[]
  readonly rowCount: number
  readonly #columns: ReadonlyMap<string, TableColumn>
  readonly #missing: ReadonlySet<string>
  readonly #decimal: DecimalMark

  /**
   * @param rows one array of cells a record, in the order of `names`
   * @throws {RangeError} when two columns have one name
   */
  constructor(names: readonly string[], rows: readonly (readonly string[])[], options: CellOptions = {}) {
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw new RangeError(`two columns are named "${twice}"`)
    this.names = names
    this.rowCount = rows.length
    this.#columns = new Map(names.map((name, index) => [name, { cells: rows.map((row) => row[index] ?? '') }]))
    this.#missing = new Set(['', ...(options.missing ?? defaultMissing)])
    this.#decimal = options.decimal ?? '.'
  }

  /**
   * The cells of a column, as they are written.
   *
   * @throws {RangeError} when there is no such column
   */
  text(name: string): readonly string[] {
    return this.#column(name).cells
  }

  /** What a column is; `null` where it has no value. */
  type(name: string): ColumnType {
    const column = this.#column(name)
    column.type ??= typeOfCells(
      column.cells.filter((cell) => !this.#missing.has(cell)),
      this.#decimal,
    )
    return column.type
  }

  /** A column as text, dates and timestamps as ISO 8601; a missing cell is null. */
  texts(name: string): readonly (string | null)[] {
    const type = this.type(name)
    return this.text(name).map((cell) => (this.#missing.has(cell) ? null : textOf(cell, type)))
  }

  /**
   * A column as numbers; a missing cell is NaN, as is a number that is not finite or larger than 2⁹⁷⁰, and true and false are 1 and 0.
   *
   * @throws {TypeError} when its cells are something else
   */
  numbers(name: string): Float64Array {
    const type = this.type(name)
    return Float64Array.from(this.text(name), (cell) => {
      if (this.#missing.has(cell)) return Number.NaN
      if (type === 'boolean' || type === 'integer' || type === 'float') return numberOf(cell, type, this.#decimal)
      throw new TypeError(`column "${name}" is of type ${type}; numbers are needed here`)
    })
  }

  /**
   * A column as labels: numbers, truth values or texts, as its type says.
   *
   * @throws {RangeError} when a record has none, see {@link withValues}, and for whole numbers beyond 2⁵³, which sites refuse as labels too
   */
  labels(name: string): readonly Label[] {
    const isWhole = this.type(name) === 'integer'
    return this.#optionalLabels(name).map((label, row) => {
      if (isWhole && Math.abs(Number(label)) > Number.MAX_SAFE_INTEGER)
        throw new RangeError(`column "${name}" has whole numbers beyond 2^53, which can not be told apart as labels`)
      if (label !== null) return label
      throw new RangeError(`column "${name}" has no value in record ${row + 1}; withValues("${name}") leaves such records out`)
    })
  }

  /** The records that have a value in a column: of those without a label sites learn nothing. Types stay those of the whole table. */
  withValues(name: string): LocalTable {
    const rows = this.#optionalLabels(name).flatMap((label, row) => (label === null ? [] : [row]))
    if (rows.length === this.rowCount) return this
    const columns = this.names.map((other) => this.text(other))
    const options = { missing: [...this.#missing], decimal: this.#decimal }
    const kept = new LocalTable(
      this.names,
      rows.map((row) => columns.map((cells) => cells[row]!)),
      options,
    )
    for (const other of this.names) kept.#column(other).type = this.type(other)
    return kept
  }

  /** Columns as a frame of numbers, for a model to be trained on or to predict from. */
  frame(names: readonly string[]): Frame {
    return createFrame(
      names,
      names.map((name) => this.numbers(name)),
    )
  }

  /** Columns of numbers and texts as a frame, for the preparation that a model came with. */
  columns(inputs: readonly InputColumn[]): Frame<Column> {
    return {
      rowCount: this.rowCount,
      names: inputs.map(({ name }) => name),
      columns: inputs.map(({ name, type }) => (type === 'numbers' ? this.numbers(name) : this.texts(name))),
    }
  }

  #optionalLabels(name: string): readonly (Label | null)[] {
    const type = this.type(name)
    if (type !== 'boolean' && type !== 'integer' && type !== 'float') return this.texts(name)
    return Array.from(this.numbers(name), (value) => {
      if (Number.isNaN(value)) return null
      return type === 'boolean' ? value === 1 : value
    })
  }

  #column(name: string): TableColumn {
    const column = this.#columns.get(name)
    if (column === undefined) throw new RangeError(`there is no column "${name}"; the columns are ${this.names.join(', ')}`)
    return column
  }
}
