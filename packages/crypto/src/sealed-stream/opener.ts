import { TAG_BYTES } from '../bytes/aes-gcm.ts'
import { sha256 } from '../bytes/sha256.ts'
import type { Identity } from '../identity/identity.ts'
import { ByteQueue } from './byte-queue.ts'
import { ChunkCipher, SEALED_CHUNK_BYTES } from './chunk-cipher.ts'
import { unwrapKey } from './content-key.ts'
import { SealedStreamError } from './sealed-stream-error.ts'
import { decodeHeader, HEADER_START_BYTES, headerLength } from './stream-header.ts'

export interface OpenOptions {
  readonly identity: Identity
  /** The context under which the stream was sealed. */
  readonly context: string
}

/** Turns a sealed stream back into plaintext, piece by piece; each piece it yields is authentic, the whole only after `final`. */
export class Opener {
  readonly #options: OpenOptions
  readonly #queue = new ByteQueue()
  #cipher: ChunkCipher | undefined
  #contentType: string | undefined

  constructor(options: OpenOptions) {
    this.#options = options
  }

  /** Type of the plaintext; undefined until the header has arrived, and believed only with the first chunk. */
  get contentType(): string | undefined {
    return this.#contentType
  }

  /** @throws {SealedStreamError} */
  *update(bytes: Buffer): Generator<Buffer> {
    this.#queue.push(bytes)
    const cipher = this.#cipher ?? this.#readHeader()
    if (cipher === undefined) return
    while (this.#queue.length > SEALED_CHUNK_BYTES) {
      const chunk = cipher.open(this.#queue.take(SEALED_CHUNK_BYTES), false)
      if (chunk === undefined) throw new SealedStreamError('corrupt')
      yield chunk
    }
  }

  /** @throws {SealedStreamError} */
  final(): Buffer {
    const cipher = this.#cipher
    if (cipher === undefined || this.#queue.length < TAG_BYTES) throw new SealedStreamError('truncated')
    const rest = this.#queue.take(SEALED_CHUNK_BYTES)
    const chunk = cipher.open(rest, true)
    if (chunk === undefined) throw new SealedStreamError(cipher.open(rest, false) === undefined ? 'corrupt' : 'truncated')
    if (chunk.length === 0 && cipher.chunks > 1) throw new SealedStreamError('malformed')
    return chunk
  }

  #readHeader(): ChunkCipher | undefined {
    const length = headerLength(this.#queue.peek(HEADER_START_BYTES))
    if (length === undefined || this.#queue.length < length) return undefined
    const bytes = this.#queue.take(length)
    const header = decodeHeader(bytes)
    const { identity, context } = this.#options
    this.#cipher = new ChunkCipher(unwrapKey(header, identity, context), sha256(bytes))
    this.#contentType = header.contentType
    return this.#cipher
  }
}
