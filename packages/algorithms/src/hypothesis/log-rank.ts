import { chiSquared } from '../distributions/chi-squared.ts'
import { differenceOfProducts } from '../numeric/double-double.ts'
import { commonEdges, type SurvivalIntervals, toEdges } from '../summaries/survival.ts'

export interface LogRankTest {
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/**
 * Whether groups have the same survival (Mantel 1966, Peto and Peto 1972), over the ends of intervals that all groups have.
 *
 * @returns null with fewer than two groups, and where the events tell nothing
 */
export function logRankTest(groups: readonly SurvivalIntervals[]): LogRankTest | null {
  const edges = commonEdges(groups)
  const aligned = groups.map((group) => toEdges(group, edges))
  const size = groups.length - 1
  if (size < 1) return null
  const excess = new Array<number>(size).fill(0)
  const covariance = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const atRisk = aligned.map((group) => group.reduce((sum, { events, censored }) => sum + events + censored, 0))
  for (let index = 0; index < edges.length; index++) {
    const events = aligned.reduce((sum, group) => sum + group[index].events, 0)
    const records = atRisk.reduce((sum, count) => sum + count, 0)
    if (records > 1 && events > 0) {
      const spread = (events * (records - events)) / (records - 1)
      for (let i = 0; i < size; i++) {
        excess[i] += differenceOfProducts(aligned[i][index].events, records, events, atRisk[i]) / records
        for (let j = 0; j < size; j++)
          covariance[i][j] += spread * (atRisk[i] / records) * (((i === j ? records : 0) - atRisk[j]) / records)
      }
    }
    aligned.forEach((group, i) => {
      atRisk[i] -= group[index].events + group[index].censored
    })
  }
  const solution = solveLinear(covariance, excess)
  if (solution === null) return null
  const statistic = solution.reduce((sum, value, i) => sum + value * excess[i], 0)
  return { statistic, degreesOfFreedom: size, pValue: chiSquared(statistic, size).upper }
}

/** Gaussian elimination with partial pivoting; null where the matrix is singular. */
function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]])
  const size = rows.length
  const scale = Math.max(...matrix.flat().map(Math.abs))
  for (let column = 0; column < size; column++) {
    const pivot = rows.reduce(
      (best, row, i) => (i >= column && Math.abs(row[column]) > Math.abs(rows[best][column]) ? i : best),
      column,
    )
    if (!(Math.abs(rows[pivot][column]) > scale * 1e-12)) return null
    ;[rows[column], rows[pivot]] = [rows[pivot], rows[column]]
    for (let i = column + 1; i < size; i++) {
      const factor = rows[i][column] / rows[column][column]
      for (let j = column; j <= size; j++) rows[i][j] -= factor * rows[column][j]
    }
  }
  const solution = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    const known = rows[i].slice(i + 1, size).reduce((sum, value, j) => sum + value * solution[i + 1 + j], 0)
    solution[i] = (rows[i][size] - known) / rows[i][i]
  }
  return solution
}
