import { gcmSeal } from '../bytes/aes-gcm.ts'
import { randomNonce } from '../bytes/random-nonce.ts'
import type { Identity } from '../identity/identity.ts'
import { contentDigest, EMPTY_DIGEST } from '../message-signature/content-digest.ts'
import { formatResponseInput, responseSignatureBase } from '../message-signature/response-signature.ts'
import { formatSignature, signatureMember } from '../message-signature/signature-header.ts'
import { ANSWER_NONCE_BYTES, answerKey } from './answer-key.ts'
import { eventSealer } from './event-frames.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { type HeldAnswer, sealHeld } from './held-answer.ts'
import { EVENTS_TYPE, HELD_TYPE, headerNames, SEALED_TYPE } from './wire-names.ts'

export interface SealedResponse {
  readonly headers: Record<string, string>
  /** Empty where there is no body. */
  readonly body: Uint8Array
}

/** The head of a response whose body the caller streams; `digest` is a `content-digest` value. */
export interface ResponseHead {
  readonly status: number
  readonly contentType: string
  readonly digest: string
}

export interface EventSealer {
  headers(status: number): Record<string, string>
  /** The `data` of the next server-sent event. */
  frame(bytes: Uint8Array): string
}

/** An answer that begins before it is known. Between its head and its end there is nothing but bytes `BREATH`. */
export interface HeldSealer {
  headers(): Record<string, string>
  /** The end of the body. */
  end(answer: HeldAnswer): Uint8Array
}

/** Answers one verified request: what it makes holds for that request alone. */
export interface ResponseSealer {
  seal(response: { readonly status: number; readonly body?: Uint8Array | undefined }): SealedResponse
  sign(head: ResponseHead): Record<string, string>
  stream(): EventSealer
  held(): HeldSealer
}

/** @param nowMs the time that signatures are stamped with, as Unix time */
export function responseSealer(identity: Identity, exchange: ExchangeContext, nowMs: number): ResponseSealer {
  const sign = (head: ResponseHead) => signHead(identity, exchange, nowMs, head)
  return {
    sign,
    seal({ status, body }) {
      const sealed = body === undefined ? new Uint8Array(0) : sealBody(exchange, body)
      return { headers: sign({ status, contentType: SEALED_TYPE, digest: contentDigest(sealed) }), body: sealed }
    },
    stream() {
      const frame = eventSealer(exchange)
      return { frame, headers: (status) => sign({ status, contentType: EVENTS_TYPE, digest: EMPTY_DIGEST }) }
    },
    held() {
      return {
        headers: () => sign({ status: 200, contentType: HELD_TYPE, digest: EMPTY_DIGEST }),
        end: (answer) => sealHeld(exchange, answer),
      }
    },
  }
}

function sealBody(exchange: ExchangeContext, body: Uint8Array): Uint8Array {
  const answerNonce = randomNonce(ANSWER_NONCE_BYTES)
  const { key, nonce } = answerKey(exchange, 'flotta-response-v1', answerNonce)
  return Buffer.concat([answerNonce, gcmSeal(key, nonce, body)])
}

function signHead(identity: Identity, exchange: ExchangeContext, nowMs: number, head: ResponseHead): Record<string, string> {
  const components = {
    status: head.status,
    contentDigest: head.digest,
    contentType: head.contentType,
    requestSignature: exchange.requestSignature,
    requestMethod: exchange.method,
    requestPath: exchange.path,
  }
  const parameters = { created: Math.floor(nowMs / 1000), keyId: identity.id }
  const signature = identity.sign(Buffer.from(responseSignatureBase(components, parameters)))
  return {
    [headerNames.contentType]: head.contentType,
    [headerNames.contentDigest]: head.digest,
    [headerNames.signatureInput]: formatResponseInput(parameters),
    [headerNames.signature]: formatSignature(signatureMember(signature)),
  }
}
