import { isFlottaError } from '@flotta/contract'
import { backoffDelayMs, defaultBackoff } from './transport/backoff.ts'
import { sleep } from './transport/sleep.ts'

/** After so many failures in a row, with the pauses between them some minutes, the node is taken to be gone. */
const MAX_FAILURES = 20

export interface PatienceOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether the time of the signal alone ends it. @default false: so do some minutes of failures */
  readonly untilAborted?: boolean | undefined
  /** What is thrown where the signal is one of time; its own reason unless told. */
  readonly timedOut?: (() => unknown) | undefined
}

/** How long a call waits for a node that is away: what passes by itself is borne, with longer and longer pauses. */
export class Patience {
  readonly #signal: AbortSignal | undefined
  readonly #timedOut: (() => unknown) | undefined
  readonly #maxFailures: number
  #failures = 0

  constructor({ signal, untilAborted = false, timedOut }: PatienceOptions) {
    this.#signal = signal
    this.#timedOut = timedOut
    this.#maxFailures = untilAborted ? Number.POSITIVE_INFINITY : MAX_FAILURES
  }

  /** The node was heard. */
  heard(): void {
    this.#failures = 0
  }

  /**
   * Waits before the next attempt, where there is to be one.
   *
   * @throws what ends it: that it is not wanted any more, or the error, if that does not pass by itself or has come too often
   */
  async bear(error: unknown): Promise<void> {
    this.#throwIfAborted()
    if (!isFlottaError(error, 'unavailable') || this.#failures >= this.#maxFailures) throw error
    await this.pause()
  }

  /** Waits before the next attempt. @throws that it is not wanted any more */
  async pause(): Promise<void> {
    await sleep(backoffDelayMs(defaultBackoff, this.#failures++, Math.random()), this.#signal)
    this.#throwIfAborted()
  }

  #throwIfAborted(): void {
    if (!this.#signal?.aborted) return
    const reason: unknown = this.#signal.reason
    throw this.#timedOut && reason instanceof DOMException && reason.name === 'TimeoutError' ? this.#timedOut() : reason
  }
}

/** Asks until there is an answer. */
export async function patiently<T>(ask: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const patience = new Patience(options)
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      await patience.bear(error)
    }
  }
}
