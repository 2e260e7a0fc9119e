import { base32 } from '../bytes/base32.ts'
import { sha256 } from '../bytes/sha256.ts'

export const COMPONENT_ID_LENGTH = 30
const COMPONENT_ID = /^cmp_[a-z2-7]{26}$/

/** The id that a raw Ed25519 public key (32 bytes) has: nobody chooses an id, and nobody takes over another's. */
export function componentIdOf(signingKey: Uint8Array): string {
  return `cmp_${base32(sha256(signingKey)).slice(0, 26)}`
}

export function isComponentId(text: string): boolean {
  return COMPONENT_ID.test(text)
}
