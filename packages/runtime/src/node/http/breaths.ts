/** Held answers breathe in so many groups, one after the other, so that a few are written at a time and the process sleeps in between. */
const MAX_GROUPS = 32
/** Shortest time between two groups. */
const MIN_TICK_MS = 20
/** By which share breaths come earlier by chance: thousands who have asked at the same time would else be one group. */
const SPREAD = 0.2

/** By how much a timer may be early by the clock, which counts finer. */
const EARLY_MS = 1

/** Has held answers breathe, each at least once in a time, or one tick later. While nothing is held, nothing runs. */
export class Breaths {
  readonly #groups: readonly Set<() => void>[]
  readonly #tickMs: number
  readonly #random: () => number
  readonly #nowMs: () => number
  #current = 0
  /** When it was the turn of the current group. */
  #turnMs = 0
  #held = 0
  #ticking: NodeJS.Timeout | undefined

  /** @param everyMs longest time between two breaths */
  constructor(everyMs: number, random: () => number = Math.random, nowMs: () => number = () => performance.now()) {
    const groups = Math.max(1, Math.min(MAX_GROUPS, Math.floor(everyMs / MIN_TICK_MS)))
    this.#groups = Array.from({ length: groups }, () => new Set())
    this.#tickMs = Math.max(1, Math.floor(everyMs / groups))
    this.#random = random
    this.#nowMs = nowMs
  }

  /** Breathes from now on; answers what ends that. */
  hold(breathe: () => void): () => void {
    const { length } = this.#groups
    const early = Math.floor(this.#random() * SPREAD * length)
    const group = this.#groups[(this.#current + length - early) % length]!
    group.add(breathe)
    this.#held++
    if (this.#ticking === undefined) {
      this.#turnMs = this.#nowMs()
      this.#ticking = setInterval(() => this.#tick(), this.#tickMs).unref()
    }
    return () => {
      if (!group.delete(breathe) || --this.#held > 0) return
      clearInterval(this.#ticking)
      this.#ticking = undefined
    }
  }

  /** All whose turn it is: several groups where the process was held up, or nobody would be heard in time for as long as it is busy. */
  #tick(): void {
    const turns = Math.floor((this.#nowMs() - this.#turnMs + EARLY_MS) / this.#tickMs)
    this.#turnMs += turns * this.#tickMs
    for (let turn = 0; turn < Math.min(turns, this.#groups.length); turn++) {
      this.#current = (this.#current + 1) % this.#groups.length
      for (const breathe of this.#groups[this.#current]!) breathe()
    }
  }
}
