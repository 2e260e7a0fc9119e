import { randomBytes } from 'node:crypto'
import { gcmOpen, gcmSeal, sequenceNonce } from '../bytes/aes-gcm.ts'
import { toBase64url } from '../bytes/base64.ts'
import { ANSWER_NONCE_BYTES, type AnswerKey, answerKey } from './answer-key.ts'
import type { ExchangeContext } from './exchange-context.ts'

const FRAME = /^[A-Za-z0-9_-]+$/

/** Opens the frames of one stream in their order. */
export interface EventOpener {
  /** The bytes of the next frame; undefined when it was changed, left out, repeated or moved, and for every frame after that. */
  open(frame: string): Uint8Array | undefined
}

/**
 * Seals the frames of one stream: base64url of AES-256-GCM with a counter nonce; the first frame begins with the stream's nonce.
 * That a stream was cut at its end is not seen: who must know sends a last event.
 */
export function eventSealer(exchange: ExchangeContext): (bytes: Uint8Array) => string {
  const streamNonce = randomBytes(ANSWER_NONCE_BYTES)
  const { key, nonce } = answerKey(exchange, 'flotta-events-v1', streamNonce)
  let sequence = 0
  return (bytes) => {
    const sealed = gcmSeal(key, sequenceNonce(nonce, sequence), bytes)
    return toBase64url(sequence++ === 0 ? Buffer.concat([streamNonce, sealed]) : sealed)
  }
}

export function eventOpener(exchange: ExchangeContext): EventOpener {
  let sequence = 0
  let broken = false
  let streamKey: AnswerKey | undefined
  return {
    open(frame) {
      if (broken || !FRAME.test(frame)) return fail()
      let sealed = Buffer.from(frame, 'base64url')
      if (toBase64url(sealed) !== frame) return fail()
      if (streamKey === undefined) {
        if (sealed.length < ANSWER_NONCE_BYTES) return fail()
        streamKey = answerKey(exchange, 'flotta-events-v1', sealed.subarray(0, ANSWER_NONCE_BYTES))
        sealed = sealed.subarray(ANSWER_NONCE_BYTES)
      }
      return gcmOpen(streamKey.key, sequenceNonce(streamKey.nonce, sequence++), sealed) ?? fail()
    },
  }

  function fail(): undefined {
    broken = true
  }
}
