import { KEY_BYTES, NONCE_BYTES } from '../bytes/aes-gcm.ts'
import { hkdfExpand, hkdfExtract } from '../bytes/hkdf.ts'
import type { ExchangeContext } from './exchange-context.ts'

export const ANSWER_NONCE_BYTES = 32
export type AnswerKind = 'flotta-response-v1' | 'flotta-events-v1' | 'flotta-held-v1'

export interface AnswerKey {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

/** The key of an answer, derived from the request's context and a nonce of 32 bytes (the pattern of RFC 9458, section 4.4). */
export function answerKey(exchange: ExchangeContext, kind: AnswerKind, answerNonce: Uint8Array): AnswerKey {
  const secret = exchange.secrets.export(kind, KEY_BYTES)
  const prk = hkdfExtract(Buffer.concat([exchange.enc, answerNonce]), secret)
  return { key: hkdfExpand(prk, 'key', KEY_BYTES), nonce: hkdfExpand(prk, 'nonce', NONCE_BYTES) }
}
