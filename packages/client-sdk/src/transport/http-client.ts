import type { Readable } from 'node:stream'
import { FlottaError } from '@flotta/contract'
import { Agent } from 'undici'
import type { NodeUrl } from './node-url.ts'

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

export function createHttpClient(node: NodeUrl): HttpClient {
  const agent = new Agent({ connect: { timeout: 10_000 }, keepAliveTimeout: 30_000 })
  return {
    async send({ method, path, headers, body, signal, timeoutMs = DEFAULT_TIMEOUT_MS }) {
      try {
        const response = await agent.request({
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
        throw unreachable(node, error)
      }
    },
    close: () => agent.destroy(),
  }
}

function singleHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

/** A failed connection as an error that says which address gave no answer, and how it failed. */
export function unreachable(node: NodeUrl, error: unknown): FlottaError {
  const { code } = (error ?? {}) as { code?: unknown }
  const how = typeof code === 'string' ? ` (${code})` : ''
  return new FlottaError(
    'unavailable',
    `No answer from the node at ${node.text}${how}. Check the address, that the node is running, and the network between.`,
    {
      cause: error,
    },
  )
}

/**
 * Reads a body into memory, up to a limit.
 *
 * @throws {FlottaError} `payload_too_large`
 */
export async function readBody(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      body.destroy()
      throw new FlottaError('payload_too_large', `The answer is larger than ${maxBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
