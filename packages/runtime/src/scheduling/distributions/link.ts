/** One barrier: those who feed it, and those who wait for it, by their places among producers and takers. */
export interface Link {
  readonly from: readonly number[]
  readonly to: readonly number[]
}
