import type { IncomingMessage } from 'node:http'
import { FlottaError } from '@flotta/contract'

/**
 * Reads a request body into memory, up to a limit that is enforced before and while it arrives.
 *
 * @throws {FlottaError} `payload_too_large`, or `malformed_request` when the caller hangs up
 */
export function readRequestBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new FlottaError('payload_too_large', `A message may have ${maxBytes} bytes here.`))
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      tooLarge()
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else {
        request.pause()
        tooLarge()
      }
    }
    const onEnd = () => {
      // The request may be held for long after it was read.
      for (const [event, listener] of Object.entries(listeners)) request.off(event, listener)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
    }
    const onBroken = () => reject(new FlottaError('malformed_request', 'The request ended before its body was complete.'))
    const listeners = { data: onData, end: onEnd, error: onBroken, aborted: onBroken }
    for (const [event, listener] of Object.entries(listeners)) request.on(event, listener)
  })
}
