import { readFileSync } from 'node:fs'

export function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

/** A file of published test vectors; each names its origin. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

/** A copy with one bit flipped. */
export function flipBit(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}
