import type { Column } from './column.ts'
import { type Frame, quoted } from './frame.ts'
import { selectValues } from './select-values.ts'

/**
 * The rows with these indices, in this order; an index may occur more than once.
 *
 * @throws {RangeError} when an index is outside the frame
 */
export function selectRows<C extends Column>(frame: Frame<C>, rows: Int32Array): Frame<C> {
  for (const row of rows) {
    if (row < 0 || row >= frame.rowCount) throw new RangeError(`row ${row} is outside a frame of ${frame.rowCount} rows`)
  }
  const columns = frame.columns.map((column) => selectValues(column, rows))
  return { rowCount: rows.length, names: frame.names, columns }
}

/**
 * The columns with these names, in this order; the frame may have others. Columns are shared, not copied.
 *
 * @throws {RangeError} naming each column that is absent
 */
export function selectColumns<C extends Column>(frame: Frame<C>, names: readonly string[]): Frame<C> {
  const byName = new Map(frame.names.map((name, index) => [name, frame.columns[index]]))
  const absent = names.filter((name) => !byName.has(name))
  if (absent.length > 0) throw new RangeError(`the frame has no column named ${quoted(absent)}`)
  return { rowCount: frame.rowCount, names, columns: names.map((name) => byName.get(name) as C) }
}
