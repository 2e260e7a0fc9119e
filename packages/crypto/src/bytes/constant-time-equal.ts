import { timingSafeEqual } from 'node:crypto'

/** Whether two byte strings (or two texts, as UTF-8) are equal, in a time that depends on their lengths alone. */
export function constantTimeEqual(a: Uint8Array | string, b: Uint8Array | string): boolean {
  const left = typeof a === 'string' ? Buffer.from(a) : a
  const right = typeof b === 'string' ? Buffer.from(b) : b
  return left.length === right.length && timingSafeEqual(left, right)
}
