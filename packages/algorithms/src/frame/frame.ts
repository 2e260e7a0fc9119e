/** A table of numbers, column by column. A missing value is NaN. */
export interface Frame {
  readonly rowCount: number
  readonly names: readonly string[]
  readonly columns: readonly Float64Array[]
}

/**
 * A frame over these columns, which it shares, not copies.
 *
 * @throws {TypeError | RangeError} see {@link assertFrame}
 */
export function createFrame(names: readonly string[], columns: readonly Float64Array[]): Frame {
  const frame = { rowCount: columns.length === 0 ? 0 : columns[0].length, names, columns }
  assertFrame(frame)
  return frame
}

/**
 * Checks that names are unique, and that each has a column of `rowCount` values.
 *
 * @throws {TypeError} when a column is not a Float64Array or a name is not a string
 * @throws {RangeError} when lengths differ or a name occurs twice
 */
export function assertFrame(frame: Frame): void {
  const { names, columns, rowCount } = frame
  if (names.length !== columns.length) throw new RangeError(`a frame has ${names.length} names but ${columns.length} columns`)
  const seen = new Set<string>()
  columns.forEach((column, index) => {
    const name = names[index]
    if (typeof name !== 'string') throw new TypeError(`the name of column ${index} is not a string`)
    if (!(column instanceof Float64Array)) throw new TypeError(`column ${JSON.stringify(name)} is not a Float64Array`)
    if (column.length !== rowCount) {
      throw new RangeError(`column ${JSON.stringify(name)} has ${column.length} values, but the frame has ${rowCount} rows`)
    }
    if (seen.has(name)) throw new RangeError(`column ${JSON.stringify(name)} occurs twice`)
    seen.add(name)
  })
}
