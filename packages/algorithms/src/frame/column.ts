/** A column of numbers. A missing value is NaN. */
export type Numbers = Float64Array

/** A column of texts. A missing value is null; the empty text is a value. */
export type Texts = readonly (string | null)[]

export type Column = Numbers | Texts

export function isNumbers(column: Column): column is Numbers {
  return column instanceof Float64Array
}

/** How many values of a column are missing. */
export function countMissing(column: Column): number {
  let missing = 0
  if (isNumbers(column)) for (let row = 0; row < column.length; row++) missing += Number.isNaN(column[row]) ? 1 : 0
  else for (const value of column) missing += value === null ? 1 : 0
  return missing
}

/**
 * The values of some rows, in the order of the indices.
 *
 * @param into where numbers go, one for each row; new memory unless given
 */
export function selectValues(column: Numbers, rows: Int32Array, into?: Numbers): Numbers
export function selectValues<C extends Column>(column: C, rows: Int32Array): C
export function selectValues(column: Column, rows: Int32Array, into?: Numbers): Column {
  if (!isNumbers(column)) return Array.from(rows, (row) => column[row])
  const selected = into ?? new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) selected[i] = column[rows[i]]
  return selected
}
