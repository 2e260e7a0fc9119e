import { gcmOpen, gcmSeal } from '../bytes/aes-gcm.ts'
import { randomNonce } from '../bytes/random-nonce.ts'
import { ANSWER_NONCE_BYTES, answerKey } from './answer-key.ts'
import type { ExchangeContext } from './exchange-context.ts'

/** The byte that says that the answer is still to come, and nothing else. */
export const BREATH = 0
/** The byte that the answer follows. */
const ANSWER = 1
const PREFIX_BYTES = 5
const STATUS_BYTES = 2

/** An answer whose head was sent before it was known: a problem comes with its own status, whatever the head says. */
export interface HeldAnswer {
  readonly status: number
  readonly body: Uint8Array
}

export type HeldVerdict =
  | ({ readonly ok: true } & HeldAnswer)
  /** `cut_off`: the body ended before its end. `not_sealed`: what came is no answer to this request. */
  | { readonly ok: false; readonly reason: 'cut_off' | 'not_sealed' }

/** Reads the body of a held answer, whose head was verified. */
export interface HeldOpener {
  /** What the next bytes of the body are: breaths alone, or some of the answer; undefined for whatever is neither, and for all that follows it. */
  take(chunk: Uint8Array): 'breath' | 'answer' | undefined
  /** What was answered, once the body has ended. */
  open(): HeldVerdict
}

/** The end of a held answer's body: a byte that tells it from breaths, its length in four bytes, a nonce, and status and content under AES-256-GCM. */
export function sealHeld(exchange: ExchangeContext, { status, body }: HeldAnswer): Buffer {
  const answerNonce = randomNonce(ANSWER_NONCE_BYTES)
  const { key, nonce } = answerKey(exchange, 'flotta-held-v1', answerNonce)
  const head = Buffer.alloc(STATUS_BYTES)
  head.writeUInt16BE(status)
  const sealed = gcmSeal(key, nonce, Buffer.concat([head, body]))
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix[0] = ANSWER
  prefix.writeUInt32BE(answerNonce.length + sealed.length, 1)
  return Buffer.concat([prefix, answerNonce, sealed])
}

/** @param maxBytes most that a sealed answer may have */
export function heldOpener(exchange: ExchangeContext, maxBytes: number): HeldOpener {
  const chunks: Uint8Array[] = []
  let bytes = 0
  let broken = false
  return {
    take(chunk) {
      if (broken) return undefined
      const rest = bytes > 0 ? chunk : withoutBreaths(chunk)
      if (rest.length === 0) return 'breath'
      chunks.push(rest)
      bytes += rest.length
      broken = chunks[0]![0] !== ANSWER || bytes > PREFIX_BYTES + maxBytes
      return broken ? undefined : 'answer'
    },
    open() {
      if (broken) return { ok: false, reason: 'not_sealed' }
      const frame = Buffer.concat(chunks)
      if (frame.length < PREFIX_BYTES) return { ok: false, reason: 'cut_off' }
      const length = frame.readUInt32BE(1)
      const sealed = frame.subarray(PREFIX_BYTES)
      if (sealed.length < length) return { ok: false, reason: 'cut_off' }
      const opened = sealed.length === length ? openFrame(exchange, sealed) : undefined
      return opened === undefined ? { ok: false, reason: 'not_sealed' } : { ok: true, ...opened }
    },
  }
}

function withoutBreaths(chunk: Uint8Array): Uint8Array {
  let start = 0
  while (start < chunk.length && chunk[start] === BREATH) start++
  return chunk.subarray(start)
}

function openFrame(exchange: ExchangeContext, sealed: Uint8Array): HeldAnswer | undefined {
  if (sealed.length < ANSWER_NONCE_BYTES) return undefined
  const { key, nonce } = answerKey(exchange, 'flotta-held-v1', sealed.subarray(0, ANSWER_NONCE_BYTES))
  const opened = gcmOpen(key, nonce, sealed.subarray(ANSWER_NONCE_BYTES))
  if (opened === undefined || opened.length < STATUS_BYTES) return undefined
  return { status: opened.readUInt16BE(0), body: opened.subarray(STATUS_BYTES) }
}
