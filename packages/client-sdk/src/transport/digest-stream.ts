import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** A stream that passes bytes on and knows their SHA-256 at the end. */
export interface DigestStream extends Transform {
  readonly bytes: () => number
  /** Hexadecimal. */
  readonly hex: () => string
  /** As the value of a Content-Digest header (RFC 9530). */
  readonly contentDigest: () => string
}

/** Counts and digests what flows through; the figures are final once the stream has ended. */
export function digestStream(): DigestStream {
  const hash = createHash('sha256')
  let bytes = 0
  let digest: Buffer | undefined
  const final = () => {
    digest ??= hash.digest()
    return digest
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return Object.assign(stream, {
    bytes: () => bytes,
    hex: () => final().toString('hex'),
    contentDigest: () => `sha-256=:${final().toString('base64')}:`,
  })
}

/** The same figures of bytes that are in memory. */
export function digestsOf(content: Uint8Array): {
  readonly bytes: number
  readonly digest: string
  readonly contentDigest: string
} {
  const digest = createHash('sha256').update(content).digest()
  return {
    bytes: content.length,
    digest: digest.toString('hex'),
    contentDigest: `sha-256=:${digest.toString('base64')}:`,
  }
}
