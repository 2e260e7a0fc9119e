/**
 * The clock of a SQLite database, which one process serves: the wall clock as it was when the database was opened, and the time that has passed
 * since. So a clock that is set forward or back meanwhile neither takes leases away nor keeps jobs waiting.
 *
 * Where the machine sleeps it may stand still, so that the times of events are behind the wall clock until the database is opened again.
 */
export class SteadyClock {
  readonly #passedMs: () => number
  #beganMs: number

  /** @param wallMs milliseconds since 1970; @param passedMs milliseconds since any moment, which nobody sets */
  constructor(wallMs: () => number = Date.now, passedMs: () => number = () => performance.now()) {
    this.#passedMs = passedMs
    this.#beganMs = wallMs() - passedMs()
  }

  /** Milliseconds since 1970, whole ones. */
  nowMs(): number {
    return Math.round(this.#beganMs + this.#passedMs())
  }

  /** Goes on from a time that the database has seen, where the wall clock has been set back since. */
  continueFrom(seenMs: number): void {
    this.#beganMs = Math.max(this.#beganMs, seenMs - this.#passedMs())
  }
}
