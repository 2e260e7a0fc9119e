import { type Column, isNumbers, type Numbers } from './column.ts'

/**
 * A table column by column. `Frame` alone is a table of numbers, which models learn from; `Frame<Column>` has numbers and texts.
 */
export interface Frame<C extends Column = Numbers> {
  readonly rowCount: number
  readonly names: readonly string[]
  readonly columns: readonly C[]
}

/**
 * A frame over these columns, which it shares, not copies.
 *
 * @throws {TypeError | RangeError} see {@link assertFrame}
 */
export function createFrame<C extends Column = Numbers>(names: readonly string[], columns: readonly C[]): Frame<C> {
  const frame = { rowCount: columns.length === 0 ? 0 : columns[0].length, names, columns }
  assertFrame(frame)
  return frame
}

/**
 * Checks that names are unique, and that each has a column of `rowCount` values.
 *
 * @throws {TypeError} when a column is neither a Float64Array nor an array or a name is not a string
 * @throws {RangeError} when lengths differ or a name occurs twice
 */
export function assertFrame(frame: Frame<Column>): void {
  const { names, columns, rowCount } = frame
  if (names.length !== columns.length) throw new RangeError(`a frame has ${names.length} names but ${columns.length} columns`)
  const seen = new Set<string>()
  columns.forEach((column, index) => {
    const name = names[index]
    if (typeof name !== 'string') throw new TypeError(`the name of column ${index} is not a string`)
    if (!(isNumbers(column) || Array.isArray(column)))
      throw new TypeError(`column ${JSON.stringify(name)} is neither a Float64Array nor an array of texts`)
    if (column.length !== rowCount) {
      throw new RangeError(`column ${JSON.stringify(name)} has ${column.length} values, but the frame has ${rowCount} rows`)
    }
    if (seen.has(name)) throw new RangeError(`column ${JSON.stringify(name)} occurs twice`)
    seen.add(name)
  })
}

/**
 * Checks a frame, and that all its columns hold numbers.
 *
 * @throws {TypeError} naming the columns of texts
 */
export function assertNumeric(frame: Frame<Column>): asserts frame is Frame {
  assertFrame(frame)
  const texts = frame.names.filter((_, index) => !isNumbers(frame.columns[index]))
  if (texts.length > 0) throw new TypeError(`numbers are needed, but these columns hold texts: ${quoted(texts)}`)
}

/**
 * The column of this name.
 *
 * @throws {RangeError} when the frame has none
 */
export function columnOf<C extends Column>(frame: Frame<C>, name: string): C {
  const index = frame.names.indexOf(name)
  if (index < 0) throw new RangeError(`the frame has no column named ${quoted([name])}`)
  return frame.columns[index]
}

/** Names as an error message quotes them. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ')
}
