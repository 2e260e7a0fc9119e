import { gcmOpen, gcmSeal, TAG_BYTES } from '../bytes/aes-gcm.ts'

export const CHUNK_BYTES = 64 * 1024
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES

/**
 * AES-256-GCM over chunks in their order (the STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár 2015): the nonce is an
 * 11-byte big-endian counter and a byte that is 1 for the last chunk; the header's hash is associated data of each.
 */
export class ChunkCipher {
  readonly #key: Uint8Array
  readonly #headerHash: Uint8Array
  #counter = 0

  constructor(key: Uint8Array, headerHash: Uint8Array) {
    this.#key = key
    this.#headerHash = headerHash
  }

  get chunks(): number {
    return this.#counter
  }

  seal(chunk: Uint8Array, last: boolean): Buffer {
    return gcmSeal(this.#key, this.#nonce(last, this.#counter++), chunk, this.#headerHash)
  }

  open(sealed: Uint8Array, last: boolean): Buffer | undefined {
    const chunk = gcmOpen(this.#key, this.#nonce(last, this.#counter), sealed, this.#headerHash)
    if (chunk !== undefined) this.#counter++
    return chunk
  }

  #nonce(last: boolean, counter: number): Buffer {
    const nonce = Buffer.alloc(12)
    nonce.writeUIntBE(counter, 5, 6)
    nonce[11] = last ? 1 : 0
    return nonce
  }
}
