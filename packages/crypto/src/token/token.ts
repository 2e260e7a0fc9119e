import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { toBase64url } from '../bytes/base64.ts'
import { hkdfExpand, hkdfExtract } from '../bytes/hkdf.ts'
import { sha256 } from '../bytes/sha256.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LETTERS = 43
const KIND = /^[a-z]{1,16}$/

/**
 * A new token of 256 random bits, `flt_<kind>_<43 letters>_<crc32>`: prefix and checksum let scanners find one that leaked.
 *
 * @throws {TypeError} when the kind is not 1 to 16 lower-case letters
 */
export function createToken(kind: string): string {
  if (!KIND.test(kind)) throw new TypeError('the kind of a token is 1 to 16 lower-case letters')
  const secret = Array.from({ length: SECRET_LETTERS }, () => BASE62[randomInt(BASE62.length)]).join('')
  const body = `flt_${kind}_${secret}`
  return `${body}_${crc32(body).toString(16).padStart(8, '0')}`
}

/** By which a node finds a token that it does not know. A guessable token is guessable from it: use those of `createToken`. */
export function tokenId(token: string): string {
  return toBase64url(sha256(`flotta-token-id\0${requireToken(token)}`))
}

/** What a node stores to check proofs (32 bytes, base64url). It is as secret as the token towards that node: whoever has it can prove. */
export function tokenVerifier(token: string): string {
  return toBase64url(hkdfExpand(hkdfExtract('', requireToken(token)), 'flotta-token-verifier-v1', 32))
}

function requireToken(token: string): string {
  if (token.length === 0) throw new TypeError('a token is not empty')
  return token
}
