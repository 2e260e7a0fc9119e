export function toBase64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url')
}

/** Exactly `length` bytes from their one canonical base64url form; anything else (padding, junk, spare bits set) is undefined. */
export function fromBase64url(text: unknown, length: number): Buffer | undefined {
  return decodeCanonical(text, length, 'base64url')
}

/** Exactly `length` bytes from their one canonical padded base64 form; anything else is undefined. */
export function fromBase64(text: unknown, length: number): Buffer | undefined {
  return decodeCanonical(text, length, 'base64')
}

function decodeCanonical(text: unknown, length: number, encoding: 'base64' | 'base64url'): Buffer | undefined {
  if (typeof text !== 'string' || text.length > 2 * length + 4) return undefined
  const bytes = Buffer.from(text, encoding)
  return bytes.length === length && bytes.toString(encoding) === text ? bytes : undefined
}

/** The same memory seen as a Buffer: nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
