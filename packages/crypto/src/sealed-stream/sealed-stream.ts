import { Transform, type TransformCallback } from 'node:stream'
import { asBuffer } from '../bytes/base64.ts'
import { Opener, type OpenOptions } from './opener.ts'
import { Sealer, type SealOptions } from './sealer.ts'

/** Plaintext in, sealed stream out. */
class SealStream extends Transform {
  readonly #sealer: Sealer

  constructor(options: SealOptions) {
    super()
    this.#sealer = new Sealer(options)
    this.push(this.#sealer.header)
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (const chunk of this.#sealer.update(bytes)) this.push(chunk)
    done()
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#sealer.final())
  }
}

/** Sealed stream in, plaintext out; it fails with a SealedStreamError, and what it gave before is not the whole. */
class OpenStream extends Transform {
  readonly #opener: Opener

  constructor(options: OpenOptions) {
    super()
    this.#opener = new Opener(options)
  }

  /** Undefined until the header has been read; it is there with the first plaintext. */
  get contentType(): string | undefined {
    return this.#opener.contentType
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    attempt(done, () => {
      for (const chunk of this.#opener.update(bytes)) this.push(chunk)
      done()
    })
  }

  override _flush(done: TransformCallback): void {
    attempt(done, () => done(null, this.#opener.final()))
  }
}

export type { OpenStream }

/**
 * A transform that seals what passes to all recipients. Memory is one chunk of 64 KiB whatever the length.
 *
 * @throws {TypeError} when a recipient's key document does not prove itself
 * @throws {RangeError} when there are no recipients or more than 1024, or the content type is not printable ASCII
 */
export function sealStream(options: SealOptions): Transform {
  return new SealStream(options)
}

/** A transform that opens a sealed stream. Each chunk it gives is authentic; that none is missing is known only when it ends. */
export function openStream(options: OpenOptions): OpenStream {
  return new OpenStream(options)
}

/** Seals bytes that are in memory; throws as `sealStream` does. */
export function sealBytes(options: SealOptions, bytes: Uint8Array): Uint8Array {
  const sealer = new Sealer(options)
  return Buffer.concat([sealer.header, ...sealer.update(asBuffer(bytes)), sealer.final()])
}

/**
 * Opens a sealed stream that is in memory.
 *
 * @throws {SealedStreamError} when what arrived is not what was sealed to this component under this context
 */
export function openBytes(options: OpenOptions, bytes: Uint8Array): { contentType: string; bytes: Uint8Array } {
  const opener = new Opener(options)
  const plaintext = Buffer.concat([...opener.update(asBuffer(bytes)), opener.final()])
  return { contentType: opener.contentType!, bytes: plaintext }
}

function attempt(done: TransformCallback, work: () => void): void {
  try {
    work()
  } catch (error) {
    done(error as Error)
  }
}
