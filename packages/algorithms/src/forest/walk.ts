import type { Navigation } from './navigation.ts'

/** Steps between two looks at whether all walks have ended. */
const STRIDE = 4

/**
 * The leaf that each row ends in.
 *
 * Four rows walk at once, without a branch on the data: a step adds the outcome of the comparison, and a walk that has ended
 * stays where it is. A missing value is not above any threshold and goes left.
 *
 * @param values row-major, rows × width
 * @param leaves one node per row, written here
 */
export function findLeaves(navigation: Navigation, root: number, values: Float64Array, width: number, leaves: Int32Array): void {
  const { feature, threshold, left } = navigation
  const rowCount = leaves.length
  let row = 0
  for (; row + 4 <= rowCount; row += 4) {
    const x0 = row * width
    const x1 = x0 + width
    const x2 = x1 + width
    const x3 = x2 + width
    let n0 = root
    let n1 = root
    let n2 = root
    let n3 = root
    do {
      for (let step = 0; step < STRIDE; step++) {
        n0 = left[n0] + Number(values[x0 + feature[n0]] > threshold[n0])
        n1 = left[n1] + Number(values[x1 + feature[n1]] > threshold[n1])
        n2 = left[n2] + Number(values[x2 + feature[n2]] > threshold[n2])
        n3 = left[n3] + Number(values[x3 + feature[n3]] > threshold[n3])
      }
    } while (left[n0] !== n0 || left[n1] !== n1 || left[n2] !== n2 || left[n3] !== n3)
    leaves[row] = n0
    leaves[row + 1] = n1
    leaves[row + 2] = n2
    leaves[row + 3] = n3
  }
  for (; row < rowCount; row++) {
    let node = root
    while (left[node] !== node) node = left[node] + Number(values[row * width + feature[node]] > threshold[node])
    leaves[row] = node
  }
}
