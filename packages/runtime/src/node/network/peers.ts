import { type NodeConnection, type OpenedNode, openNode } from '@flotta/client-sdk/transport'
import type { ComponentId } from '@flotta/contract'
import type { ComponentRecord } from '../../ports/component-record.ts'
import { networkKey } from '../../ports/replicas.ts'
import type { NodeContext } from '../node-context.ts'
import { followPeer } from './follow-peer.ts'

/** Looks again now and then, even when nobody has told of a change. */
const LOOK_EVERY_MS = 30_000

export interface PeersOptions {
  readonly nowMs: () => number
  /** Where a node is reached, if it is known better than by what it says of itself. */
  readonly addressOf: (node: ComponentRecord) => string | null
  /** What this node does for another one as long as that is a member: jobs over its own data. Answers what stops it. */
  readonly workFor: (connection: NodeConnection, node: ComponentRecord) => () => Promise<void>
}

interface Peer {
  readonly url: string
  readonly opened: OpenedNode
  readonly stop: () => Promise<void>
}

/** The other nodes of the network: each is followed, and worked for, from when it is known to when it has left. */
export class Peers {
  readonly #context: NodeContext
  readonly #options: PeersOptions
  readonly #peers = new Map<ComponentId, Peer>()
  readonly #stopping = new AbortController()
  #watching: Promise<void> | undefined

  constructor(context: NodeContext, options: PeersOptions) {
    this.#context = context
    this.#options = options
  }

  start(): void {
    this.#watching ??= this.#watch()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#watching
    await Promise.all([...this.#peers.keys()].map((id) => this.#drop(id)))
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping
    const listener = this.#context.wakeUps.listen(networkKey)
    try {
      while (!signal.aborted) {
        await this.#look().catch((error: unknown) => {
          this.#context.logger.warn(`the nodes of the network could not be looked through: ${(error as Error).message}`)
        })
        await listener.wait(LOOK_EVERY_MS, signal)
      }
    } finally {
      listener.close()
    }
  }

  async #look(): Promise<void> {
    const nodes = await this.#context.nodes.look()
    const wanted = new Map(nodes.map((node) => [node.id, node]))
    for (const [id, { url }] of this.#peers) {
      const node = wanted.get(id)
      if (node === undefined || this.#options.addressOf(node) !== url) await this.#drop(id)
    }
    for (const node of nodes) {
      const url = this.#options.addressOf(node)
      if (url !== null && !this.#peers.has(node.id)) this.#peers.set(node.id, this.#begin(node, url))
    }
  }

  #begin(node: ComponentRecord, url: string): Peer {
    const { identity, outbound } = this.#context
    const opened = openNode({ url, nodeKey: node.key, identity, outbound, nowMs: this.#options.nowMs })
    const gone = new AbortController()
    const following = followPeer(this.#context, node, opened.connection, gone.signal)
    const stopWork = this.#options.workFor(opened.connection, node)
    return {
      url,
      opened,
      async stop() {
        gone.abort()
        await Promise.all([following, stopWork()])
        await opened.close()
      },
    }
  }

  async #drop(id: ComponentId): Promise<void> {
    const peer = this.#peers.get(id)
    this.#peers.delete(id)
    await peer?.stop()
  }
}
