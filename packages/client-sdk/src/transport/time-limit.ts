import { startTimer } from './timer.ts'

/** A time of any length, whose signal aborts when it is over as that of `AbortSignal.timeout` does; disposed of before, it never does. */
export class TimeLimit implements Disposable {
  readonly #ms: number
  readonly #over = new AbortController()
  #stop: () => void = () => undefined

  /** It does not run before it is {@link start}ed. */
  constructor(ms: number) {
    this.#ms = ms
  }

  /** One that runs from now on. */
  static of(ms: number): TimeLimit {
    const limit = new TimeLimit(ms)
    limit.start()
    return limit
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Lets it run from now on, anew where it ran before. */
  start(): void {
    this.#stop()
    const over = () => this.#over.abort(new DOMException('The time is over.', 'TimeoutError'))
    this.#stop = startTimer(this.#ms, over, { ref: false })
  }

  [Symbol.dispose](): void {
    this.#stop()
  }
}
