import type { ComponentId } from '@flotta/contract'
import type { ComponentRecord } from '../../ports/component-record.ts'
import type { Store } from '../../ports/store.ts'
import type { WakeUps } from '../wake-ups.ts'

/** Whoever waits for another node to come or go is woken by this key. */
export const nodesKey = 'nodes'

/**
 * The other nodes of the network as this process saw them last.
 *
 * Members come and go, and each of thousands of clients waits to hear of nodes: one look after a change serves all, and wakes them only
 * where it is the nodes that have changed.
 */
export class NodeList {
  readonly #id: ComponentId
  readonly #components: Store['components']
  readonly #wakeUps: WakeUps
  #seen: readonly ComponentRecord[] | undefined

  constructor(id: ComponentId, { components }: Store, wakeUps: WakeUps) {
    this.#id = id
    this.#components = components
    this.#wakeUps = wakeUps
  }

  /** Looks anew. */
  async look(): Promise<readonly ComponentRecord[]> {
    const nodes = (await this.#components.nodes()).filter(({ id }) => id !== this.#id)
    const before = JSON.stringify(this.#seen)
    this.#seen = nodes
    if (JSON.stringify(nodes) !== before) this.#wakeUps.wake([nodesKey])
    return nodes
  }

  /** What was seen last; the first question looks. */
  async seen(): Promise<readonly ComponentRecord[]> {
    return this.#seen ?? this.look()
  }
}
