import { randomBytes } from 'node:crypto'
import { KEY_BYTES } from '../bytes/aes-gcm.ts'
import { sha256 } from '../bytes/sha256.ts'
import type { KeyDocument } from '../identity/key-document.ts'
import { ByteQueue } from './byte-queue.ts'
import { CHUNK_BYTES, ChunkCipher } from './chunk-cipher.ts'
import { wrapKey } from './content-key.ts'
import { encodeHeader } from './stream-header.ts'

export interface SealOptions {
  /** 1 to 1024 components. */
  readonly recipients: readonly KeyDocument[]
  /** Type of the plaintext; it travels in clear, protected against change. */
  readonly contentType: string
  /** What the stream is, such as the id of the resource: it opens under the same context alone. */
  readonly context: string
}

/** Turns plaintext into a sealed stream, piece by piece, holding back at most one chunk. */
export class Sealer {
  readonly header: Buffer
  readonly #cipher: ChunkCipher
  readonly #queue = new ByteQueue()

  constructor({ recipients, contentType, context }: SealOptions) {
    const contentKey = randomBytes(KEY_BYTES)
    const wrapped = recipients.map((recipient) => wrapKey(contentKey, recipient, context))
    this.header = encodeHeader({ contentType, recipients: wrapped })
    this.#cipher = new ChunkCipher(contentKey, sha256(this.header))
  }

  *update(bytes: Buffer): Generator<Buffer> {
    this.#queue.push(bytes)
    while (this.#queue.length > CHUNK_BYTES) yield this.#cipher.seal(this.#queue.take(CHUNK_BYTES), false)
  }

  final(): Buffer {
    return this.#cipher.seal(this.#queue.take(CHUNK_BYTES), true)
  }
}
