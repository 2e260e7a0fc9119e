import type { NodeKey } from '@flotta/contract'
import type { Identity } from '@flotta/crypto'
import { createHttpClient } from './http-client.ts'
import { pinNode } from './known-nodes.ts'
import { NodeConnection } from './node-connection.ts'
import { fetchNodeKey } from './node-key.ts'
import { parseNodeUrl } from './node-url.ts'
import type { Outbound } from './outbound.ts'

export interface ConnectNodeOptions {
  readonly url: string | URL
  readonly identity: Identity
  /** The node's fingerprint, as its operator reads it; without it the first key that answers is pinned. */
  readonly fingerprint?: string | undefined
  /** File that pins nodes by address; without it nothing is remembered. */
  readonly knownNodesFile?: string | undefined
  /** Proxy and authorities; the environment's unless told. */
  readonly outbound?: Outbound | undefined
  /** The modes of a node that will do; any unless told. */
  readonly modes?: readonly NodeKey['mode'][] | undefined
  readonly nowMs?: () => number
  readonly signal?: AbortSignal | undefined
}

export interface ConnectedNode {
  readonly connection: NodeConnection
  readonly node: NodeKey
  close(): Promise<void>
}

/**
 * Reaches a node and makes sure that it is the expected one.
 *
 * @throws {FlottaError} `unavailable`, `node_mismatch`
 */
export async function connectNode(options: ConnectNodeOptions): Promise<ConnectedNode> {
  const { identity, outbound, signal, modes, nowMs = Date.now } = options
  const url = parseNodeUrl(options.url)
  const http = createHttpClient(url, outbound)
  try {
    const node = await fetchNodeKey(http, url, { signal, modes })
    pinNode(options.knownNodesFile, url.text, node.key, options.fingerprint)
    const connection = new NodeConnection({ http, node: url, nodeKey: node.key, identity, nowMs })
    return { connection, node, close: () => http.close() }
  } catch (error) {
    await http.close()
    throw error
  }
}
