import { FlottaError, type NodeKey, nodeKeySchema, parseJson, problemSchema, routes } from '@flotta/contract'
import { verifyKeyDocument } from '@flotta/crypto'
import { type HttpClient, type HttpResponse, readBody } from './http-client.ts'
import type { NodeUrl } from './node-url.ts'
import { unreachable } from './unreachable.ts'

const MAX_KEY_BYTES = 16 * 1024

/**
 * Asks a node for its public keys.
 *
 * @throws {FlottaError} `unavailable` when nothing answers, `node_mismatch` with words about what answers when it is not a node of
 * one of the modes
 */
export async function fetchNodeKey(
  http: HttpClient,
  node: NodeUrl,
  options: { readonly signal?: AbortSignal | undefined; readonly modes?: readonly NodeKey['mode'][] | undefined } = {},
): Promise<NodeKey> {
  const { signal, modes = ['node', 'standalone'] } = options
  const response = await http.send({ method: 'GET', path: node.prefix + routes.public.key.path, headers: {}, signal })
  const text = await readBody(response.body, MAX_KEY_BYTES).then(
    (body) => body.toString('utf8'),
    (error: unknown) => {
      if (error instanceof FlottaError) return ''
      throw signal?.aborted ? signal.reason : unreachable(node, error)
    },
  )
  if (response.status >= 500)
    throw new FlottaError('unavailable', `The node at ${node.text} answers with status ${response.status}; it may be starting.`)
  const json = parseJson(text)
  const parsed = nodeKeySchema.safeParse(json)
  const authentic = response.status === 200 && parsed.success && verifyKeyDocument(parsed.data.key)
  if (authentic && modes.includes(parsed.data.mode)) return parsed.data
  const what = authentic ? `a flotta ${parsed.data.mode}` : whatAnswers(response, json)
  throw new FlottaError(
    'node_mismatch',
    `What answers at ${node.text} is ${what}, not a flotta node in mode ${modes[0]}. Check the URL (join.url).`,
  )
}

/** What is at an address where no node is, as far as its answer tells. */
function whatAnswers({ status, headers }: HttpResponse, json: unknown): string {
  if (status >= 300 && status < 400) {
    return `a redirect (${status}) to ${(headers.location ?? 'nowhere').slice(0, 200)}, which is not followed`
  }
  if (headers['flotta-component'] === 'client') return "a flotta client's maintenance port"
  if (status === 407) return 'a proxy that wants a user and a password'
  const type = headers['content-type']?.split(';')[0] ?? ''
  if (problemSchema.safeParse(json).success) return `a flotta component that is no node (status ${status})`
  if (type === 'text/html') return `a web server that sends HTML (status ${status})`
  return `something else (status ${status}${type === '' ? '' : `, ${type.slice(0, 80)}`})`
}
