import type { KeyDocument } from '@flotta/contract'
import type { Identity } from '@flotta/crypto'
import { createHttpClient } from './http-client.ts'
import { NodeConnection } from './node-connection.ts'
import { parseNodeUrl } from './node-url.ts'
import type { Outbound } from './outbound.ts'

export interface OpenNodeOptions {
  readonly url: string | URL
  readonly nodeKey: KeyDocument
  readonly identity: Identity
  readonly outbound?: Outbound | undefined
  readonly nowMs?: () => number
}

export interface OpenedNode {
  readonly connection: NodeConnection
  close(): Promise<void>
}

/** The exchange with a node whose key is known already; nothing is sent yet. */
export function openNode({ url, nodeKey, identity, outbound, nowMs = Date.now }: OpenNodeOptions): OpenedNode {
  const node = parseNodeUrl(url)
  const http = createHttpClient(node, outbound)
  return { connection: new NodeConnection({ http, node, nodeKey, identity, nowMs }), close: () => http.close() }
}
