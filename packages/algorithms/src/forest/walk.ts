import { LANES, type LanedRows } from './laned-rows.ts'
import type { Navigation } from './navigation.ts'

/**
 * The leaf that each row ends in.
 *
 * There is no branch on the data: a step adds the outcome of the comparison, and a walk that has ended stays where it is. A missing
 * value is not above any threshold and goes left. Measured: two steps between two looks at whether all have ended, written out
 * and with the comparisons first, take three quarters of the time of a loop over them.
 *
 * @param leaves one node per row, with room for a multiple of LANES rows; written here
 */
export function findLeaves(
  { laneOffset, threshold, left }: Navigation,
  root: number,
  { rowCount, featureCount, values }: LanedRows,
  leaves: Int32Array,
): void {
  for (let row = 0; row < rowCount; row += LANES) {
    const base = row * featureCount
    let n0 = root
    let n1 = root
    let n2 = root
    let n3 = root
    do {
      const first0 = Number(values[base + laneOffset[n0]] > threshold[n0])
      const first1 = Number(values[base + 1 + laneOffset[n1]] > threshold[n1])
      const first2 = Number(values[base + 2 + laneOffset[n2]] > threshold[n2])
      const first3 = Number(values[base + 3 + laneOffset[n3]] > threshold[n3])
      n0 = left[n0] + first0
      n1 = left[n1] + first1
      n2 = left[n2] + first2
      n3 = left[n3] + first3
      const second0 = Number(values[base + laneOffset[n0]] > threshold[n0])
      const second1 = Number(values[base + 1 + laneOffset[n1]] > threshold[n1])
      const second2 = Number(values[base + 2 + laneOffset[n2]] > threshold[n2])
      const second3 = Number(values[base + 3 + laneOffset[n3]] > threshold[n3])
      n0 = left[n0] + second0
      n1 = left[n1] + second1
      n2 = left[n2] + second2
      n3 = left[n3] + second3
    } while (left[n0] !== n0 || left[n1] !== n1 || left[n2] !== n2 || left[n3] !== n3)
    leaves[row] = n0
    leaves[row + 1] = n1
    leaves[row + 2] = n2
    leaves[row + 3] = n3
  }
}
