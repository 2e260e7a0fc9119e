import { verify } from 'node:crypto'
import { gcmOpen } from '../bytes/aes-gcm.ts'
import { constantTimeEqual } from '../bytes/constant-time-equal.ts'
import { sha256 } from '../bytes/sha256.ts'
import type { PublicKeys } from '../identity/key-document.ts'
import { parseContentDigest } from '../message-signature/content-digest.ts'
import { parseResponseInput, responseSignatureBase } from '../message-signature/response-signature.ts'
import { parseSignature } from '../message-signature/signature-header.ts'
import { ANSWER_NONCE_BYTES, answerKey } from './answer-key.ts'
import { type EventOpener, eventOpener } from './event-frames.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { headerValue, isMediaType } from './headers.ts'
import { type HeldOpener, heldOpener } from './held-answer.ts'
import { type HeaderMap, headerNames, SEALED_TYPE } from './wire-names.ts'

export type ResponseRefusal = 'missing_signature' | 'malformed' | 'wrong_sender' | 'bad_signature' | 'wrong_digest' | 'not_sealed'

export interface ReceivedHead {
  readonly status: number
  readonly headers: HeaderMap
}

export type HeadVerdict =
  | { readonly ok: true; readonly contentDigest: Uint8Array; readonly contentType: string }
  | { readonly ok: false; readonly reason: ResponseRefusal }

export type ResponseVerdict =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: ResponseRefusal }

/** Opens the answer to one request: an answer to another request, or by another component, is refused. */
export interface ResponseOpener {
  /** A sealed answer; `body` is empty where the answer has none. */
  open(response: ReceivedHead & { readonly body: Uint8Array }): ResponseVerdict
  /** The head of a streamed answer; what the stream brings is used only once its SHA-256 equals `contentDigest`. */
  verifyHead(response: ReceivedHead): HeadVerdict
  /** The frames of an event stream, whose head `verifyHead` has accepted. */
  events(): EventOpener
  /** The body of a held answer of `maxBytes` at most, whose head `verifyHead` has accepted. */
  held(maxBytes: number): HeldOpener
}

export function responseOpener(responder: PublicKeys, exchange: ExchangeContext): ResponseOpener {
  return {
    verifyHead: (response) => verifyHead(responder, exchange, response),
    events: () => eventOpener(exchange),
    held: (maxBytes) => heldOpener(exchange, maxBytes),
    open(response) {
      const head = verifyHead(responder, exchange, response)
      if (!head.ok) return head
      if (head.contentType !== SEALED_TYPE) return { ok: false, reason: 'not_sealed' }
      if (!constantTimeEqual(sha256(response.body), head.contentDigest)) return { ok: false, reason: 'wrong_digest' }
      const body = openBody(exchange, response.body)
      return body === undefined ? { ok: false, reason: 'not_sealed' } : { ok: true, body }
    },
  }
}

function openBody(exchange: ExchangeContext, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length === 0) return sealed
  if (sealed.length < ANSWER_NONCE_BYTES) return undefined
  const { key, nonce } = answerKey(exchange, 'flotta-response-v1', sealed.subarray(0, ANSWER_NONCE_BYTES))
  return gcmOpen(key, nonce, sealed.subarray(ANSWER_NONCE_BYTES))
}

function verifyHead(responder: PublicKeys, exchange: ExchangeContext, { status, headers }: ReceivedHead): HeadVerdict {
  if (headers[headerNames.signature] === undefined || headers[headerNames.signatureInput] === undefined) {
    return { ok: false, reason: 'missing_signature' }
  }
  const parameters = parseResponseInput(headerValue(headers, headerNames.signatureInput) ?? '')
  const signature = parseSignature(headerValue(headers, headerNames.signature) ?? '')
  const digestText = headerValue(headers, headerNames.contentDigest) ?? ''
  const contentType = headerValue(headers, headerNames.contentType) ?? ''
  const digest = parseContentDigest(digestText)
  if (parameters === undefined || signature === undefined || digest === undefined || !isMediaType(contentType)) {
    return { ok: false, reason: 'malformed' }
  }
  if (parameters.keyId !== responder.id) return { ok: false, reason: 'wrong_sender' }
  const components = {
    status,
    contentDigest: digestText,
    contentType,
    requestSignature: exchange.requestSignature,
    requestMethod: exchange.method,
    requestPath: exchange.path,
  }
  const base = Buffer.from(responseSignatureBase(components, parameters))
  if (!verify(null, base, responder.signingKey, signature.bytes)) return { ok: false, reason: 'bad_signature' }
  return { ok: true, contentDigest: digest, contentType }
}
