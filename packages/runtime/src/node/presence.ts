import type { ComponentId } from '@flotta/contract'

/**
 * When components last spoke to this node, to whichever of its processes. A client asks for work again and again, so one that has been silent for some of its
 * heartbeats is away. It is in memory: after a start nobody is here until he speaks.
 */
export class Presence {
  readonly #lastMs = new Map<ComponentId, number>()
  readonly #heardHere = new Set<ComponentId>()
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

  /** Another process of this node has heard somebody within the last heartbeat. */
  heardElsewhere(id: ComponentId): void {
    this.#lastMs.set(id, this.#nowMs())
  }

  /** Who has spoken to this process since the last call. */
  takeNews(): ComponentId[] {
    const news = [...this.#heardHere]
    this.#heardHere.clear()
    return news
  }

  isHere(id: ComponentId): boolean {
    const lastMs = this.#lastMs.get(id)
    return lastMs !== undefined && this.#nowMs() - lastMs <= this.#silenceMs
  }
}
