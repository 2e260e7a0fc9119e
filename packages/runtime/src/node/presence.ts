import type { ComponentId } from '@flotta/contract'

/**
 * Who is here, at whichever process of this node: whoever has a question held, and who has spoken within some heartbeats. It is in memory: after a
 * start nobody is here until he speaks.
 */
export class Presence {
  readonly #lastMs = new Map<ComponentId, number>()
  readonly #heardHere = new Set<ComponentId>()
  /** How many questions of each are held. */
  readonly #held = new Map<ComponentId, number>()
  readonly #silenceMs: number
  readonly #nowMs: () => number

  /** @param silenceMs how long one may be silent and is still here */
  constructor(silenceMs: number, nowMs: () => number = () => performance.now()) {
    this.#silenceMs = silenceMs
    this.#nowMs = nowMs
  }

  heard(id: ComponentId): void {
    this.#lastMs.set(id, this.#nowMs())
    this.#heardHere.add(id)
  }

  /** Somebody's question is held; answers what ends that. */
  holds(id: ComponentId): () => void {
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1)
    return () => {
      const others = (this.#held.get(id) ?? 1) - 1
      if (others > 0) this.#held.set(id, others)
      else this.#held.delete(id)
      this.heard(id)
    }
  }

  /** Another process of this node has heard somebody within the last heartbeat. */
  heardElsewhere(id: ComponentId): void {
    this.#lastMs.set(id, this.#nowMs())
  }

  /** Who is or was at this process since the last call. */
  takeNews(): ComponentId[] {
    const news = new Set([...this.#heardHere, ...this.#held.keys()])
    this.#heardHere.clear()
    return [...news]
  }

  isHere(id: ComponentId): boolean {
    if (this.#held.has(id)) return true
    const lastMs = this.#lastMs.get(id)
    return lastMs !== undefined && this.#nowMs() - lastMs <= this.#silenceMs
  }
}
