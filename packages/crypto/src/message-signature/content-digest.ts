import { fromBase64 } from '../bytes/base64.ts'
import { sha256 } from '../bytes/sha256.ts'

const CONTENT_DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/

/** The value of `content-digest` (RFC 9530) for a body as it travels. */
export function contentDigest(bytes: Uint8Array): string {
  return formatContentDigest(sha256(bytes))
}

/** The value of `content-digest` for a SHA-256 that is known already, as of a streamed body. */
export function formatContentDigest(digest: Uint8Array): string {
  return `sha-256=:${Buffer.from(digest).toString('base64')}:`
}

/** The 32 bytes of a `content-digest`; undefined unless it is exactly one SHA-256. */
export function parseContentDigest(text: string): Uint8Array | undefined {
  return fromBase64(CONTENT_DIGEST.exec(text)?.[1], 32)
}

export const EMPTY_DIGEST = contentDigest(new Uint8Array(0))
