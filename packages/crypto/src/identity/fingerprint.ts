import { base32 } from '../bytes/base32.ts'
import { constantTimeEqual } from '../bytes/constant-time-equal.ts'
import { sha256 } from '../bytes/sha256.ts'
import type { KeyDocument } from './key-document.ts'

const LETTERS = 32

/**
 * What two people compare over the telephone: 160 bits of SHA-256 over both public keys, as eight groups of four base32
 * letters. Unlike the id it covers the sealing key too.
 */
export function fingerprint(document: KeyDocument): string {
  return lettersOf(document).match(/.{4}/g)!.join('-')
}

/** Whether a text that somebody typed is the document's fingerprint; case, spaces and dashes do not count. */
export function fingerprintMatches(document: KeyDocument, text: string): boolean {
  return constantTimeEqual(lettersOf(document), text.replace(/[\s-]/g, '').toLowerCase())
}

function lettersOf(document: KeyDocument): string {
  const keys = [document.signingKey, document.sealingKey].map((key) => Buffer.from(key, 'base64url'))
  return base32(sha256(Buffer.concat(keys))).slice(0, LETTERS)
}
