import { assertCodes, assertInteger } from '../check.ts'
import type { Random } from '../random/random.ts'
import { shuffleInPlace } from '../random/shuffle.ts'

export interface TrainTestSplitOptions {
  /** Share of the rows that are kept for the test, in (0, 1). */
  readonly testSize: number
  /** Whether each class keeps its share in both parts. */
  readonly stratify: boolean
  readonly random: Random
}

/** Row indices, ascending; each row is in exactly one of the two. */
export interface TrainTestSplit {
  readonly train: Int32Array
  readonly test: Int32Array
}

/**
 * Divides rows at random into a part to train on and a part to test on; neither is empty.
 *
 * Stratified, a class of n rows gives ⌊n·testSize⌋ or ⌈n·testSize⌉ of them to the test and keeps at least one to train on,
 * so a class of one row is only trained on; where every class has one row, one row is tested all the same.
 *
 * @param codes class of each row; without `stratify` only their number matters
 * @throws {RangeError} when there are fewer than two rows, or `testSize` is not in (0, 1)
 */
export function trainTestSplit(codes: Int32Array, { testSize, stratify, random }: TrainTestSplitOptions): TrainTestSplit {
  if (!(testSize > 0 && testSize < 1)) throw new RangeError(`testSize must be in (0, 1), not ${testSize}`)
  assertInteger(codes.length, 'the number of rows', 2)
  assertCodes(codes, Number.POSITIVE_INFINITY, 'codes')
  const strata = stratify ? rowsByClass(codes) : [Int32Array.from(codes.keys())]
  const quotas = testQuotas(strata, testSize)
  const isTest = new Uint8Array(codes.length)
  strata.forEach((rows, stratum) => {
    for (const row of shuffleInPlace(rows, random).subarray(0, quotas[stratum])) isTest[row] = 1
  })
  if (!isTest.includes(1)) isTest[random.below(codes.length)] = 1
  const rows = Int32Array.from(codes.keys())
  return { train: rows.filter((row) => isTest[row] === 0), test: rows.filter((row) => isTest[row] === 1) }
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

/** Test rows of each stratum: the whole part of its share, and one more for the largest remainders until the total is right. */
function testQuotas(strata: readonly Int32Array[], testSize: number): number[] {
  const shares = strata.map((rows) => (rows.length > 1 ? rows.length * testSize : 0))
  const quotas = shares.map(Math.floor)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  let open = Math.max(1, Math.round(sum(shares))) - sum(quotas)
  const remainder = (stratum: number) => shares[stratum] - quotas[stratum]
  const byRemainder = [...strata.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b)
  for (const stratum of byRemainder) {
    if (open > 0 && remainder(stratum) > 0 && quotas[stratum] + 1 < strata[stratum].length) {
      quotas[stratum]++
      open--
    }
  }
  return quotas
}
