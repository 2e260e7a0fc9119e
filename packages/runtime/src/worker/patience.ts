import { FlottaError, isFlottaError } from '@flotta/contract'

/** Within a wait of so many breaths two of them come apart from each other, and from the answer. */
const TRIAL_BREATHS = 2.5
const APART_BREATHS = 0.5
const BEFORE_THE_ANSWER_BREATHS = 0.1
/** Silence of so many breaths, and of so much on top for what is slow, is the end of a question on a way that lets them through. */
const SILENT_BREATHS = 2.5
const SLACK_MS = 5_000
/** How much later than asked for an answer may come whole. */
const WHOLE_ANSWER_MS = 15_000
/** Whatever breaks off within so many breaths of the last one, and so much on top for what is slow, was cut, and has not fallen silent. */
const CUT_BREATHS = 1.5
const CUT_SLACK_MS = 1_000
/** A wait that ends before its first breath, which comes up to a quarter earlier by chance. */
const SHORT_BREATHS = 0.75
/** How long questions stay short where even a trial was not let through. */
const SHORT_MS = 10 * 60_000

export interface PatienceOptions {
  /** How often the node shows that it holds a question, as far as that is known. */
  readonly breathMs: () => number
  /** Called whenever it does. */
  readonly heard?: (() => void) | undefined
  readonly nowMs?: () => number
}

/** How one question is to be asked. */
export interface Terms {
  readonly waitS: number
  /** Longest silence. */
  readonly timeoutMs: number
  readonly onBreath: () => void
}

/**
 * How long a node may hold a question, by what has been seen of the way to it.
 *
 * - Nothing is known of a new way: the first wait is a trial, short enough to be answered as a whole before common limits, and long enough
 *   for two breaths. So it ends by itself, whether breaths come through or not, and no answer is ever given up for the sake of knowing.
 * - Breaths come through: questions are held for as long as the node holds them, and silence means that the node or the way is gone.
 * - They don't, since something on the way reads answers to their end before it passes them on: each question is a trial.
 * - Even a trial is broken off before a breath, as by a limit of that something: for some minutes the waits have no breath at all.
 * - A question is cut between two breaths, as some do after a minute or five whatever flows: that is no failure, and it is asked again.
 */
export class Patience {
  readonly #breathMs: () => number
  readonly #heard: (() => void) | undefined
  readonly #nowMs: () => number
  #breathes = false
  #shortUntilMs = Number.NEGATIVE_INFINITY

  constructor({ breathMs, heard, nowMs = () => performance.now() }: PatienceOptions) {
    this.#breathMs = breathMs
    this.#heard = heard
    this.#nowMs = nowMs
  }

  /** Asks; undefined where the question was cut, and is to be asked again. What `ask` rejects with passes through otherwise. */
  async ask<T>(longestS: number, ask: (terms: Terms) => Promise<T>): Promise<T | undefined> {
    const breathMs = this.#breathMs()
    const askedMs = this.#nowMs()
    const waitMs = Math.min(longestS * 1000, this.#waitMs(breathMs))
    const timeoutMs = this.#breathes ? SILENT_BREATHS * breathMs + SLACK_MS : waitMs + WHOLE_ANSWER_MS
    const breaths = new Breaths(breathMs)
    const onBreath = () => {
      const nowMs = this.#nowMs()
      if (nowMs - askedMs > waitMs + WHOLE_ANSWER_MS)
        throw new FlottaError('internal_error', 'The node holds a question for work for longer than it was asked to.')
      if (breaths.cameBefore(nowMs)) this.#breathes = true
      breaths.add(nowMs)
      this.#heard?.()
    }
    try {
      const answer = await ask({ waitS: waitMs / 1000, timeoutMs, onBreath })
      if (breaths.cameBefore(this.#nowMs())) this.#breathes = true
      return answer
    } catch (error) {
      if (!isFlottaError(error, 'unavailable')) throw error
      if (breaths.justCame(this.#nowMs())) return undefined
      this.#breathes = false
      if (breaths.none && this.#nowMs() - askedMs > breathMs) this.#shortUntilMs = this.#nowMs() + SHORT_MS
      throw error
    }
  }

  #waitMs(breathMs: number): number {
    if (this.#breathes) return Number.POSITIVE_INFINITY
    return (this.#nowMs() < this.#shortUntilMs ? SHORT_BREATHS : TRIAL_BREATHS) * breathMs
  }
}

/** When the breaths of one question came. */
class Breaths {
  readonly #breathMs: number
  #firstMs = Number.POSITIVE_INFINITY
  #lastMs = Number.NEGATIVE_INFINITY
  /** When one came that was clearly after the first one. */
  #apartMs = Number.POSITIVE_INFINITY

  constructor(breathMs: number) {
    this.#breathMs = breathMs
  }

  get none(): boolean {
    return this.#lastMs === Number.NEGATIVE_INFINITY
  }

  add(nowMs: number): void {
    this.#firstMs = Math.min(this.#firstMs, nowMs)
    if (nowMs - this.#firstMs > APART_BREATHS * this.#breathMs) this.#apartMs = Math.min(this.#apartMs, nowMs)
    this.#lastMs = nowMs
  }

  /** Whether they came through before what comes now: some programs pass on the first bytes of an answer, and the rest with its end. */
  cameBefore(nowMs: number): boolean {
    return nowMs - this.#apartMs > BEFORE_THE_ANSWER_BREATHS * this.#breathMs
  }

  /** Whether the next one was not overdue yet. */
  justCame(nowMs: number): boolean {
    return nowMs - this.#lastMs < CUT_BREATHS * this.#breathMs + CUT_SLACK_MS
  }
}
