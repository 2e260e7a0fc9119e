import { assertCodes, assertInteger } from '../check.ts'

export interface TrainTestSplitOptions {
  /** What is kept for the test: below 1 a share of the rows, else a number of them. Null: all that is not trained on. */
  readonly testSize: number | null
  /** What is trained on, likewise. Null or left out: all that is not kept for the test. */
  readonly trainSize?: number | null
  /** Whether each class keeps its share in both parts. */
  readonly stratify: boolean
  /** Decides which rows are tested: those with the smallest keys of their class. `rowKeys` makes them. */
  readonly keys: Float64Array
}

/** Row indices, ascending; no row is in both. */
export interface TrainTestSplit {
  readonly train: Int32Array
  readonly test: Int32Array
}

/** The share of the test where neither size is told. */
const DEFAULT_TEST_SIZE = 0.25

/**
 * Divides rows into a part to train on and a part to test on, with scikit-learn's sizes; neither is empty. Which rows are tested
 * follows from their keys alone, so records are divided alike in whatever order they come.
 *
 * Stratified, a class of n rows gives its share of the test, rounded down or up, and keeps at least one row to train on; so a class
 * of one row is only trained on, unless every class has one row.
 *
 * @param codes class of each row; without `stratify` only their number matters
 * @throws {RangeError} when a size is out of range, there are fewer than two rows, or a part would be empty
 */
export function trainTestSplit(codes: Int32Array, options: TrainTestSplitOptions): TrainTestSplit {
  const { stratify, keys } = options
  assertInteger(codes.length, 'the number of rows', 2)
  assertCodes(codes, Number.POSITIVE_INFINITY, 'codes')
  if (keys.length !== codes.length) throw new RangeError(`${codes.length} rows but ${keys.length} keys`)
  const { testRows, trainRows } = partSizes(codes.length, options)
  const strata = stratify ? rowsByClass(codes) : [Int32Array.from(codes.keys())]
  for (const rows of strata) rows.sort((a, b) => keys[a] - keys[b] || a - b)
  const part = new Uint8Array(codes.length)
  const isWhole = testRows + trainRows === codes.length
  const testQuotas = quotas(
    strata.map(({ length }) => length),
    testRows,
    strata.map(({ length }) => length - 1),
  )
  strata.forEach((rows, stratum) => {
    for (const row of rows.subarray(0, testQuotas[stratum])) part[row] = TEST
  })
  if (!part.includes(TEST)) part[smallestKey(keys)] = TEST
  const left = strata.map((rows) => rows.filter((row) => part[row] !== TEST))
  const trainQuotas = isWhole
    ? left.map(({ length }) => length)
    : quotas(
        strata.map(({ length }) => length),
        trainRows,
        left.map(({ length }) => length),
      )
  left.forEach((rows, stratum) => {
    for (const row of rows.subarray(rows.length - trainQuotas[stratum])) part[row] = TRAIN
  })
  const all = Int32Array.from(codes.keys())
  return { train: all.filter((row) => part[row] === TRAIN), test: all.filter((row) => part[row] === TEST) }
}

const TRAIN = 1
const TEST = 2

/** scikit-learn's sizes: a share of the test is rounded up, one of the training down. */
function partSizes(rows: number, { testSize, trainSize = null }: TrainTestSplitOptions): { testRows: number; trainRows: number } {
  const test = testSize ?? (trainSize === null ? DEFAULT_TEST_SIZE : null)
  for (const [name, size] of Object.entries({ testSize: test, trainSize })) {
    const isValid = size === null || (size > 0 && (size < 1 || (Number.isInteger(size) && size < rows)))
    if (!isValid) throw new RangeError(`${name} must be a share in (0, 1) or a number of rows below ${rows}, not ${size}`)
  }
  const rowsOf = (size: number, round: (share: number) => number) => (size < 1 ? round(size * rows) : size)
  const given = trainSize === null ? null : rowsOf(trainSize, Math.floor)
  const testRows = test === null ? rows - (given as number) : Math.min(rowsOf(test, Math.ceil), rows - 1)
  const trainRows = given ?? rows - testRows
  if (testRows + trainRows > rows) throw new RangeError(`testSize and trainSize together are more than the ${rows} rows`)
  if (trainRows < 1) throw new RangeError('there would be no row to train on')
  return { testRows, trainRows }
}

function rowsByClass(codes: Int32Array): Int32Array[] {
  const rows = new Map<number, number[]>()
  codes.forEach((code, row) => {
    const known = rows.get(code)
    if (known === undefined) rows.set(code, [row])
    else known.push(row)
  })
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, members]) => Int32Array.from(members))
}

/** `total` dealt to the strata in proportion to their sizes: the whole part of each share, then one more for the largest remainders. */
function quotas(sizes: readonly number[], total: number, limits: readonly number[]): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const shares = sizes.map((size) => (size * total) / all)
  const dealt = shares.map((share, stratum) => Math.min(Math.floor(share), limits[stratum]))
  let open = total - dealt.reduce((sum, quota) => sum + quota, 0)
  const remainder = (stratum: number) => shares[stratum] - Math.floor(shares[stratum])
  const byRemainder = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b)
  for (const stratum of byRemainder) {
    if (open > 0 && remainder(stratum) > 0 && dealt[stratum] < limits[stratum]) {
      dealt[stratum]++
      open--
    }
  }
  return dealt
}

function smallestKey(keys: Float64Array): number {
  return keys.reduce((best, key, row) => (key < keys[best] ? row : best), 0)
}
