import type { IncomingMessage } from 'node:http'
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
    headers: singleHeaders(request),
  }
}

/** Headers that occur once; a header sent twice is joined by Node and then fails the signature. */
function singleHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  const single: Record<string, string | undefined> = {}
  for (const name in headers) {
    const value = headers[name]
    single[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return single
}
