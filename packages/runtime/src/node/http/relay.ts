import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createHttpClient, type HttpClient, parseNodeUrl } from '@flotta/client-sdk/transport'
import { FlottaError, relayPath } from '@flotta/contract'
import { verifyRelayedRequest } from '@flotta/crypto'
import type { Router } from 'express'
import type { NodeContext } from '../node-context.ts'
import { knownKey, type MountOptions } from './mount-routes.ts'
import { plainResponder, problemFromUnknown } from './responder.ts'

/** Longer than any request is held. */
const PATIENCE_MS = 120_000
/** The only headers that pass: those of the exchange. */
const PASSING = [
  'content-type',
  'content-length',
  'content-digest',
  'signature',
  'signature-input',
  'flotta-recipient',
  'flotta-sealed',
  'flotta-key',
  'retry-after',
  'cache-control',
] as const

export interface Relay {
  close(): Promise<void>
}

/**
 * Passes requests of this node's members on to other nodes, and the answers back, as they are: what is in them is signed by the client
 * and sealed to the other node, so this one learns who speaks with whom and how much, and can change nothing unnoticed.
 *
 * It passes on only what a member of its own has signed for that very node, just now and for the first time.
 */
export function mountRelay(router: Router, context: NodeContext, options: MountOptions): Relay {
  const ways = new Map<string, HttpClient>()
  const wayTo = (url: string): HttpClient => {
    const known = ways.get(url)
    if (known !== undefined) return known
    const made = createHttpClient(parseNodeUrl(url), context.outbound)
    ways.set(url, made)
    return made
  }
  const pass = async (nodeId: string, request: IncomingMessage, response: ServerResponse) => {
    const hangUp = new AbortController()
    response.once('close', () => hangUp.abort())
    try {
      await requireMember(nodeId, request, options)
      const node = await options.directory.find(nodeId)
      if (node?.kind !== 'node' || node.state !== 'active' || node.url === null || nodeId === context.id)
        throw new FlottaError('not_found')
      const answer = await wayTo(node.url).send({
        method: request.method as 'GET' | 'POST' | 'PUT',
        path: parseNodeUrl(node.url).prefix + (request.url ?? ''),
        headers: passing(request.headers),
        body: request.method === 'GET' ? undefined : request,
        signal: hangUp.signal,
        timeoutMs: PATIENCE_MS,
      })
      response.writeHead(answer.status, passing(answer.headers))
      await pipeline(answer.body, response)
    } catch (error) {
      if (hangUp.signal.aborted || response.headersSent) return void response.destroy()
      plainResponder(response).problem(problemFromUnknown(error, options.logger.with({ relay: nodeId })))
      if (!request.readableEnded) request.resume()
    }
  }
  router.use(relayPath(':nodeId'), (request, response) => pass(String(request.params.nodeId), request, response))
  return {
    async close() {
      await Promise.all([...ways.values()].map((way) => way.close()))
    },
  }
}

async function requireMember(nodeId: string, request: IncomingMessage, options: MountOptions): Promise<void> {
  const [path = '', ...rest] = (request.url ?? '').split('?')
  const nowMs = options.nowMs()
  const verdict = await verifyRelayedRequest(
    { method: request.method ?? '', path, query: rest.length > 0 ? `?${rest.join('?')}` : '', headers: request.headers },
    nodeId,
    {
      nowMs,
      clockSkewMs: options.clockSkewMs,
      findKey: (id) => knownKey(options.directory, id),
      acceptNonce: (keyId, nonce, expiresMs) => options.replayWindow.accept(`${keyId} ${nonce}`, expiresMs, nowMs),
    },
  )
  const sender = verdict.ok ? await options.directory.find(verdict.senderId) : undefined
  if (verdict.ok && sender?.state === 'active' && sender.kind === 'client') return
  options.logger.debug('a request was not passed on', { reason: verdict.ok ? 'not a member' : verdict.reason })
  throw new FlottaError('unauthenticated')
}

function passing(headers: IncomingMessage['headers'] | Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(PASSING.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])))
}
