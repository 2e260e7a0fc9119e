import { FlottaError, type NodeKey, nodeKeySchema, parseJson, routes } from '@flotta/contract'
import { verifyKeyDocument } from '@flotta/crypto'
import { type HttpClient, readBody } from './http-client.ts'
import type { NodeUrl } from './node-url.ts'

const MAX_KEY_BYTES = 16 * 1024

/**
 * Asks a node for its public keys.
 *
 * @throws {FlottaError} `unavailable` when nothing answers, `node_mismatch` when what answers is not a flotta node
 */
export async function fetchNodeKey(http: HttpClient, node: NodeUrl, signal?: AbortSignal): Promise<NodeKey> {
  const response = await http.send({ method: 'GET', path: node.prefix + routes.public.key.path, headers: {}, signal })
  const text = (await readBody(response.body, MAX_KEY_BYTES)).toString('utf8')
  if (response.status >= 500)
    throw new FlottaError('unavailable', `The node at ${node.text} answers with status ${response.status}; it may be starting.`)
  const parsed = nodeKeySchema.safeParse(parseJson(text))
  if (response.status !== 200 || !parsed.success || !verifyKeyDocument(parsed.data.key)) {
    throw new FlottaError(
      'node_mismatch',
      `What answers at ${node.text} is not a flotta node (status ${response.status}). Check join.url.`,
    )
  }
  return parsed.data
}
