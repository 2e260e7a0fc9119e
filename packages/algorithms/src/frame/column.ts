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
