import { chiSquared } from '../distributions/chi-squared.ts'
import { differenceOfProducts } from '../numeric/double-double.ts'

export interface ChiSquareTest {
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
  /** Smallest count expected if the two were independent; below 5 the test is not to be relied on. */
  readonly smallestExpected: number
  /** Strength of the association, from 0 to 1 (Cramér 1946). */
  readonly cramersV: number
}

/**
 * Whether rows and columns of a table of counts are independent: Pearson's test, with Yates' correction for 2 × 2 as scipy does it.
 * Rows and columns without records are left out.
 *
 * @returns null with fewer than two rows or columns
 */
export function chiSquareTest(counts: readonly (readonly number[])[]): ChiSquareTest | null {
  const rows = counts.filter((row) => sum(row) > 0)
  const columns = (rows[0] ?? []).map((_, column) => sum(rows.map((row) => row[column])))
  const kept = columns.flatMap((total, column) => (total > 0 ? [column] : []))
  if (rows.length < 2 || kept.length < 2) return null
  const total = sum(columns)
  const degreesOfFreedom = (rows.length - 1) * (kept.length - 1)
  let statistic = 0
  let uncorrected = 0
  let smallestExpected = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const rowTotal = sum(row)
    for (const column of kept) {
      const expected = (rowTotal / total) * columns[column]
      const distance = Math.abs(differenceOfProducts(row[column], total, rowTotal, columns[column])) / total
      smallestExpected = Math.min(smallestExpected, expected)
      uncorrected += distance ** 2 / expected
      statistic += (degreesOfFreedom === 1 ? distance - Math.min(0.5, distance) : distance) ** 2 / expected
    }
  }
  const cramersV = Math.sqrt(uncorrected / total / (Math.min(rows.length, kept.length) - 1))
  return { statistic, degreesOfFreedom, pValue: chiSquared(statistic, degreesOfFreedom).upper, smallestExpected, cramersV }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
