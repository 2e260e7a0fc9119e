import { createCipheriv, createDecipheriv } from 'node:crypto'

export const KEY_BYTES = 32
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
const NO_AAD = new Uint8Array(0)

/** AES-256-GCM: ciphertext followed by its tag of 16 bytes. */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array = NO_AAD): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aad)
  const body = cipher.update(plaintext)
  cipher.final()
  return Buffer.concat([body, cipher.getAuthTag()])
}

/** The plaintext, or undefined when key, nonce, associated data, ciphertext or tag is not what was sealed. */
export function gcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array = NO_AAD): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(end))
  const plaintext = decipher.update(sealed.subarray(0, end))
  try {
    decipher.final()
    return plaintext
  } catch {
    return undefined
  }
}

/**
 * The nonce of message number `sequence`: the base nonce XOR the number in big-endian (RFC 9180, section 5.2).
 *
 * @throws {RangeError} past 2^48 messages under one key
 */
export function sequenceNonce(baseNonce: Uint8Array, sequence: number): Buffer {
  if (sequence >= 2 ** 48) throw new RangeError('too many messages under one key')
  const nonce = Buffer.from(baseNonce)
  for (let byte = 0, rest = sequence; rest > 0; byte++, rest = Math.floor(rest / 256)) {
    nonce[NONCE_BYTES - 1 - byte]! ^= rest % 256
  }
  return nonce
}
