import { fromBase64url, toBase64url } from '../bytes/base64.ts'
import { componentIdOf } from './component-id.ts'
import { type KeyDocument, publicKeysOf, SIGNATURE_BYTES } from './key-document.ts'
import { RAW_KEY_BYTES } from './raw-key.ts'

const DOCUMENT_BYTES = 2 * RAW_KEY_BYTES + SIGNATURE_BYTES

/** A key document as one header value: base64url of signing key (32), sealing key (32) and signature (64). */
export function encodeKeyDocument(document: KeyDocument): string {
  const parts = [document.signingKey, document.sealingKey, document.signature]
  return toBase64url(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64url'))))
}

/** The document of a header value, verified; undefined when its length, its form or its proof is wrong. */
export function decodeKeyDocument(text: string): KeyDocument | undefined {
  const bytes = fromBase64url(text, DOCUMENT_BYTES)
  if (bytes === undefined) return undefined
  const signingKey = bytes.subarray(0, RAW_KEY_BYTES)
  const document: KeyDocument = {
    id: componentIdOf(signingKey),
    signingKey: toBase64url(signingKey),
    sealingKey: toBase64url(bytes.subarray(RAW_KEY_BYTES, 2 * RAW_KEY_BYTES)),
    signature: toBase64url(bytes.subarray(2 * RAW_KEY_BYTES)),
  }
  return publicKeysOf(document) === undefined ? undefined : document
}
