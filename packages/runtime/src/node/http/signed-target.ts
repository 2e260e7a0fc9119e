import type { IncomingMessage } from 'node:http'
import { singleHeaders } from '@flotta/client-sdk/transport'
import type { Route } from '@flotta/contract'

/** What a sender signs of a request besides its body: method, path and query as they stand in the request line, and the headers. */
export interface SignedTarget {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/**
 * What of a request is signed: the path below the router, for a proxy's prefix or a place in somebody else's service is no part of it,
 * and of a relayed request the path below the relay.
 */
export function signedTarget(route: Route, request: IncomingMessage): SignedTarget {
  const [path = '', ...rest] = (request.url ?? '').split('?')
  return {
    method: request.method ?? '',
    path: route.metadata.streaming === 'relayed' ? path.replace(/^\/[^/]*\/[^/]*/, '') : path,
    query: rest.length > 0 ? `?${rest.join('?')}` : '',
    headers: singleHeaders(request.headers),
  }
}
