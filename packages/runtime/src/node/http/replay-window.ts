import type { Replicas } from '../../ports/replicas.ts'

/** How long a request may be used after it was signed; the exchange allows no more. */
const LIFETIME_MS = 60_000
/** Signatures carry whole seconds. */
const ROUNDING_MS = 1000
const SWEEP_EVERY_MS = 10_000

/** Accepts each nonce once; `expiresMs` includes the tolerated skew of clocks. */
export interface NonceWindow {
  accept(nonce: string, expiresMs: number, nowMs: number): boolean | Promise<boolean>
}

/** The window of all processes that serve a node: each asks the database, so a restart opens nothing either. */
export function sharedReplayWindow(replicas: Replicas): NonceWindow {
  return { accept: (nonce, expiresMs) => replicas.spend(nonce, expiresMs) }
}

/**
 * The window of a process that serves a node alone. It remembers a nonce until its request would be too old anyway, and refuses requests that may be older
 * than the window itself. So a restart lets nothing be replayed that was signed by a clock which is not ahead; a sender's clock that is
 * leaves as many seconds open, up to the tolerated skew (`docs/decisions/0005`).
 */
export class ReplayWindow implements NonceWindow {
  readonly #earliestExpiryMs: number
  readonly #expiries = new Map<string, number>()
  #nextSweepMs = 0

  /** @param clockSkewMs the tolerance that `expiresMs` of each request includes */
  constructor(startedAtMs: number, clockSkewMs: number) {
    this.#earliestExpiryMs = startedAtMs - ROUNDING_MS + LIFETIME_MS + clockSkewMs
  }

  accept(nonce: string, expiresMs: number, nowMs: number): boolean {
    if (expiresMs < this.#earliestExpiryMs) return false
    this.#sweep(nowMs)
    if (this.#expiries.has(nonce)) return false
    this.#expiries.set(nonce, expiresMs)
    return true
  }

  #sweep(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return
    this.#nextSweepMs = nowMs + SWEEP_EVERY_MS
    for (const [nonce, expiresMs] of this.#expiries) if (expiresMs < nowMs) this.#expiries.delete(nonce)
  }
}
