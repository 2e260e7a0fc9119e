import { assertNumeric, type Frame } from '../frame/frame.ts'
import { addAll, addSums, type CompensatedSum } from './compensated-sum.ts'
import type { Summary } from './summary.ts'

/** Largest magnitude that counts as a measured value: 2⁵³ of them still have a finite sum. About 1e292. */
export const MAX_MAGNITUDE = 2 ** 970

/** The values of one column so far. The sum is `sum + compensation`. */
export interface ColumnSum extends CompensatedSum {
  readonly name: string
  /** Values that entered the sum. */
  readonly count: number
  /** Values left out: NaN, infinite, or larger than {@link MAX_MAGNITUDE}. */
  readonly missing: number
}

export interface MeanState {
  readonly columns: readonly ColumnSum[]
}

export interface ColumnMean {
  readonly name: string
  /** Null when no value was measured. */
  readonly mean: number | null
  readonly count: number
  readonly missing: number
}

/**
 * Arithmetic mean of each column over its measured values; missing ones are left out of the sum and of the count.
 *
 * All frames and states have the same columns, in any order; the first one's order is kept.
 *
 * @throws {RangeError} when the columns differ
 */
export const meanSummary: Summary<MeanState, ColumnMean[], Frame> = {
  init: () => ({ columns: [] }),
  add: (state, frame) => {
    assertNumeric(frame)
    return mergeStates(state, { columns: frame.names.map((name, index) => columnSum(name, frame.columns[index])) })
  },
  merge: mergeStates,
  value: ({ columns }) =>
    columns.map(({ name, count, missing, sum, compensation }) => ({
      name,
      mean: count === 0 ? null : (sum + compensation) / count,
      count,
      missing,
    })),
}

function columnSum(name: string, values: Float64Array): ColumnSum {
  let count = 0
  for (const value of values) if (isMeasured(value)) count++
  return { name, count, missing: values.length - count, ...addAll({ sum: 0, compensation: 0 }, values, isMeasured) }
}

function isMeasured(value: number): boolean {
  return Math.abs(value) <= MAX_MAGNITUDE
}

function mergeStates(a: MeanState, b: MeanState): MeanState {
  if (a.columns.length === 0) return b
  if (b.columns.length === 0) return a
  const others = new Map(b.columns.map((column) => [column.name, column]))
  if (others.size !== a.columns.length) throw new RangeError('means of different columns cannot be merged')
  return { columns: a.columns.map((column) => mergeColumns(column, others.get(column.name))) }
}

function mergeColumns(a: ColumnSum, b: ColumnSum | undefined): ColumnSum {
  if (b === undefined)
    throw new RangeError(`means of different columns cannot be merged: ${JSON.stringify(a.name)} is in one only`)
  return { name: a.name, count: a.count + b.count, missing: a.missing + b.missing, ...addSums(a, b) }
}
