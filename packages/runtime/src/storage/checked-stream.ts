import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { FlottaError } from '@flotta/contract'

/** What was announced of a blob. */
export interface ExpectedBlob {
  /** SHA-256, hexadecimal. */
  readonly digest: string
  readonly maxBytes: number
}

export interface CheckedStream {
  readonly stream: Readable
  /** How many bytes came; final once the stream has ended. */
  readonly bytes: () => number
}

/**
 * A source that ends only if it is what was announced: it fails with `payload_too_large` or, at its very end, with `invalid_resource`. The
 * source is destroyed with it.
 */
export function checkedStream(source: Readable, { digest, maxBytes }: ExpectedBlob): CheckedStream {
  const hash = createHash('sha256')
  let bytes = 0
  async function* checked(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new FlottaError('payload_too_large', `A resource may have ${maxBytes} bytes here.`)
      hash.update(chunk)
      yield chunk
    }
    if (hash.digest('hex') !== digest)
      throw new FlottaError('invalid_resource', 'A resource arrived damaged: it has not the digest that was announced.')
  }
  return { stream: Readable.from(checked(), { objectMode: false }), bytes: () => bytes }
}
