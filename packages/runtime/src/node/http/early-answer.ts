import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** Most of an unwanted body that is read away; a longer one costs its connection. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024

/**
 * The body of a request as a stream that can be given up: destroying it leaves the request alone, so that an answer can still be
 * sent and the connection be used again.
 */
export function bodyStream(request: IncomingMessage): Readable {
  return Readable.from(chunksOf(request), { objectMode: false })
}

/** An iterator between: one that is thrown into destroys what it reads from, one that returns early does not. */
async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer
}

/**
 * Reads away what is left of a request that was answered early. Without that the next request on its connection would wait for
 * bytes that nobody takes.
 */
export function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_DRAINED_BYTES) request.destroy()
  })
  request.resume()
}
