import type { ComponentId, OtherNodes } from '@flotta/contract'
import { sha256Hex } from '@flotta/crypto'
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
  #told: OtherNodes | undefined

  constructor(id: ComponentId, { components }: Store, wakeUps: WakeUps) {
    this.#id = id
    this.#components = components
    this.#wakeUps = wakeUps
  }

  /** Looks anew. */
  async look(): Promise<readonly ComponentRecord[]> {
    const nodes = (await this.#components.nodes()).filter(({ id }) => id !== this.#id)
    const before = this.#told
    this.#told = toldOf(nodes)
    if (this.#told.digest !== before?.digest) this.#wakeUps.wake([nodesKey])
    return nodes
  }

  /** What clients are told, by what was seen last; the first question looks. */
  async told(): Promise<OtherNodes> {
    return this.#told ?? toldOf(await this.look())
  }
}

function toldOf(records: readonly ComponentRecord[]): OtherNodes {
  const nodes = records.map(({ name, key }) => ({ name, key }))
  return { digest: nodes.length === 0 ? '' : sha256Hex(JSON.stringify(nodes)), nodes }
}
