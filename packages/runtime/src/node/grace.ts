/** Longest time between two looks, as a part of a lease: those who renew three times within one have time left after a shorter one. */
const MAX_PAUSE = 1 / 2

/**
 * Whether leases may be taken away, and deadlines pass: not before everybody has had one whole lease to renew and deliver in. It begins at the
 * first look, and anew where two looks are further apart than half a lease, or one has failed: the node, its machine or its database then
 * stood still, and nobody could.
 *
 * It goes by the clock of the database, by which leases lapse: where that is another machine's it runs while the node's sleeps, and may be set.
 */
export class Grace {
  readonly #leaseMs: number
  #beganAtMs = 0
  #lastLookMs: number | undefined

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs
  }

  /** To be asked at each look. @param nowMs by the clock of the database */
  isOver(nowMs: number): boolean {
    const pauseMs = this.#lastLookMs === undefined ? Number.POSITIVE_INFINITY : nowMs - this.#lastLookMs
    if (pauseMs < 0 || pauseMs > this.#leaseMs * MAX_PAUSE) this.#beganAtMs = nowMs
    this.#lastLookMs = nowMs
    return nowMs - this.#beganAtMs >= this.#leaseMs
  }

  /** The next look is a first one. */
  beginAnew(): void {
    this.#lastLookMs = undefined
  }
}
