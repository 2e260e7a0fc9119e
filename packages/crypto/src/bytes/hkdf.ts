import { createHmac } from 'node:crypto'

const HASH_BYTES = 32

/** HKDF-Extract with SHA-256 (RFC 5869, section 2.2). */
export function hkdfExtract(salt: Uint8Array | string, inputKey: Uint8Array | string): Buffer {
  return createHmac('sha256', salt).update(inputKey).digest()
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869, section 2.3).
 *
 * @throws {RangeError} when more than 255 × 32 bytes are asked
 */
export function hkdfExpand(key: Uint8Array, info: Uint8Array | string, length: number): Buffer {
  const rounds = Math.ceil(length / HASH_BYTES)
  if (rounds > 255) throw new RangeError('HKDF gives at most 8160 bytes')
  const blocks: Buffer[] = []
  for (let round = 1; round <= rounds; round++) {
    const hmac = createHmac('sha256', key)
    const previous = blocks.at(-1)
    if (previous !== undefined) hmac.update(previous)
    blocks.push(hmac.update(info).update(Uint8Array.of(round)).digest())
  }
  const whole = blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)
  return whole.subarray(0, length)
}
