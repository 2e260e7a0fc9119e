import { Readable } from 'node:stream'
import { FlottaError } from '@flotta/contract'
import { openConnections } from './dispatcher.ts'
import type { NodeUrl } from './node-url.ts'
import type { Outbound } from './outbound.ts'
import { unreachable } from './unreachable.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array | Readable | undefined
  readonly signal?: AbortSignal | undefined
  /** Longest silence of the node before and within its answer; 0: any. */
  readonly timeoutMs?: number | undefined
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Record<string, string | undefined>
  readonly body: Readable
}

const DEFAULT_TIMEOUT_MS = 60_000

/** Plain HTTP to one node: connections are kept, redirects are not followed, a failure says what could not be reached. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}

export function createHttpClient(node: NodeUrl, outbound: Outbound = {}): HttpClient {
  const connections = openConnections(node, outbound)
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const { method, path, headers, body, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = request
    try {
      const response = await connections.dispatcher.request({
        origin: node.origin,
        path,
        method,
        headers,
        body: body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        ...(signal ? { signal } : {}),
      })
      return { status: response.statusCode, headers: singleHeaders(response.headers), body: response.body }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      // A body that is a stream may have been read; whoever sends it tries again.
      if (connections.fallBack(error) && !(body instanceof Readable)) return send(request)
      throw unreachable(node, error, connections.proxy)
    }
  }
  return { send, close: () => connections.close() }
}

/** Headers as text; one that came several times is joined, and then fails a signature over it. */
export function singleHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | undefined> {
  const single: Record<string, string | undefined> = {}
  for (const name in headers) {
    const value = headers[name]
    single[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return single
}

/**
 * Reads a body into memory, up to a limit.
 *
 * @throws {FlottaError} `payload_too_large`
 */
export function readBody(body: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else body.destroy(new FlottaError('payload_too_large', `The answer is larger than ${maxBytes} bytes.`))
    })
    body.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    body.once('error', reject)
    body.once('close', () => reject(new Error('the body ended before its end')))
  })
}
