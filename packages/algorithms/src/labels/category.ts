import { type Column, isNumbers } from '../frame/column.ts'
import { compareCodePoints } from './label.ts'

/** A value of a column that is told apart from others; null stands for a missing one. */
export type Category = string | number | null

/** Numbers ascending, then texts by code point, then what is missing: NumPy's order of what it can sort. */
export function compareCategories(a: Category, b: Category): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  return typeof b === 'number' ? 1 : compareCodePoints(a, b)
}

/** The categories of a column, row by row; -0 is 0, and what is not a finite number is missing. */
export function* categoriesOf(column: Column): Generator<Category> {
  if (!isNumbers(column)) yield* column
  else for (const value of column) yield Number.isFinite(value) ? value + 0 : null
}
