import { verify } from 'node:crypto'
import { constantTimeEqual } from '../bytes/constant-time-equal.ts'
import { sha256 } from '../bytes/sha256.ts'
import type { RecipientContext } from '../hpke/context.ts'
import { setupRecipient } from '../hpke/setup.ts'
import type { Identity } from '../identity/identity.ts'
import { type KeyDocument, publicKeysOf } from '../identity/key-document.ts'
import { decodeKeyDocument } from '../identity/key-document-header.ts'
import { MAX_LIFETIME_S, type RequestParameters, requestSignatureBase } from '../message-signature/request-signature.ts'
import { type ExchangeContext, exchangeInfo, requestAad } from './exchange-context.ts'
import { type ParsedRequest, parseRequest, type ReceivedRequest } from './received-request.ts'
import { type ResponseSealer, responseSealer } from './response-sealer.ts'
import { SEALED_TYPE } from './wire-names.ts'

export interface VerifySenderOptions {
  /** Unix time. */
  readonly nowMs: number
  /** By how much the clocks of two components may differ. */
  readonly clockSkewMs: number
  /** The key document of a known component. */
  readonly findKey: (id: string) => KeyDocument | undefined | Promise<KeyDocument | undefined>
  /** Remembers (keyId, nonce) until `expiresMs` and says whether it is new; it decides atomically, for all replicas. */
  readonly acceptNonce: (keyId: string, nonce: string, expiresMs: number) => boolean | Promise<boolean>
}

export interface VerifyRequestOptions extends VerifySenderOptions {
  readonly identity: Identity
}

/** For the log of the recipient. The sender hears `unauthenticated`, except of its clock, once it has proven who it is. */
export type RequestRefusal =
  | 'missing_signature'
  | 'malformed'
  | 'wrong_recipient'
  | 'unknown_key'
  | 'bad_signature'
  | 'clock_skew'
  | 'expired'
  | 'replayed'

export interface AcceptedRequest {
  readonly ok: true
  readonly senderId: string
  readonly sender: KeyDocument
  /** Whether the key came with the request, of a component that nobody knows yet. */
  readonly introduced: boolean
  /** SHA-256 of the body as it travels, 32 bytes. */
  readonly contentDigest: Uint8Array
  readonly contentType: string
  /** The plaintext of the body; undefined when it is not the signed one or not a sealed one. Call it once. */
  openBody(bytes: Uint8Array): Uint8Array | undefined
  readonly responses: ResponseSealer
}

export interface RefusedRequest {
  readonly ok: false
  readonly reason: RequestRefusal
  /** Present for `clock_skew` and `expired`: the sender has proven who it is and may be told, signed and sealed. */
  readonly responses?: ResponseSealer
}

export type RequestVerdict = AcceptedRequest | RefusedRequest

/** What a relay knows of a request: who sent it, and that its content can't be opened here. */
export type RelayedVerdict =
  | (Pick<AcceptedRequest, 'ok' | 'senderId' | 'sender' | 'contentDigest'> & { readonly responses?: undefined })
  | (Omit<RefusedRequest, 'responses'> & { readonly responses?: undefined })

/**
 * Whether a request comes from whom it says, to us, now and for the first time; the cheap checks come first and the nonce is
 * spent last. It never throws on what a sender sends; failures of `findKey` and `acceptNonce` pass through.
 */
export async function verifyRequest(request: ReceivedRequest, options: VerifyRequestOptions): Promise<RequestVerdict> {
  const { identity, nowMs } = options
  const signed = await verifySignature(request, identity.id, options)
  if (typeof signed === 'string') return refuse(signed)
  const { parsed, sender, introduced } = signed
  const { components, parameters, signature, enc } = parsed
  const context = setupRecipient(enc, identity.sealingKey, exchangeInfo(sender.id, identity.id))
  if (context === undefined) return refuse('malformed')
  // An answer may be a minute away, and thousands of them wait at a time: what it needs is kept, and nothing else.
  const exchange: ExchangeContext = {
    method: components.method,
    path: components.path,
    requestSignature: signature.member,
    enc: new Uint8Array(enc),
    secrets: { export: context.export },
  }
  const responses = responseSealer(identity, exchange, nowMs)
  const untimely = checkTime(parameters, options)
  if (untimely !== undefined) return { ok: false, reason: untimely, responses }
  if (!(await acceptOnce(sender.id, parameters, options))) return refuse('replayed')
  return {
    ok: true,
    senderId: sender.id,
    sender,
    introduced,
    contentDigest: parsed.contentDigest,
    contentType: components.contentType,
    openBody: (bytes) => openBody(parsed, context, bytes),
    responses,
  }
}

/**
 * Whether a request that is meant for somebody else comes from whom it says, now and for the first time here: what a relay, which
 * can open nothing of it, knows before it passes the request on.
 */
export async function verifyRelayedRequest(
  request: ReceivedRequest,
  recipientId: string,
  options: VerifySenderOptions,
): Promise<RelayedVerdict> {
  const signed = await verifySignature(request, recipientId, options)
  if (typeof signed === 'string') return { ok: false, reason: signed }
  const { parsed, sender } = signed
  const untimely = checkTime(parsed.parameters, options)
  if (untimely !== undefined) return { ok: false, reason: untimely }
  if (!(await acceptOnce(sender.id, parsed.parameters, options))) return { ok: false, reason: 'replayed' }
  return { ok: true, senderId: sender.id, sender, contentDigest: parsed.contentDigest }
}

interface SignedBy {
  readonly parsed: ParsedRequest
  readonly sender: KeyDocument
  readonly introduced: boolean
}

async function verifySignature(
  request: ReceivedRequest,
  recipientId: string,
  options: VerifySenderOptions,
): Promise<SignedBy | RequestRefusal> {
  const parsed = parseRequest(request)
  if (typeof parsed === 'string') return parsed
  const { components, parameters, signature } = parsed
  if (components.recipient !== recipientId) return 'wrong_recipient'
  const { sender, introduced } = await findSender(parsed, options)
  const keys = sender === undefined ? undefined : publicKeysOf(sender)
  if (sender === undefined || keys?.id !== parameters.keyId) return 'unknown_key'
  const base = Buffer.from(requestSignatureBase(components, parameters))
  return verify(null, base, keys.signingKey, signature.bytes) ? { parsed, sender, introduced } : 'bad_signature'
}

async function acceptOnce(
  senderId: string,
  { nonce, expires }: RequestParameters,
  { acceptNonce, clockSkewMs }: VerifySenderOptions,
): Promise<boolean> {
  return acceptNonce(senderId, nonce, expires * 1000 + clockSkewMs)
}

function refuse(reason: RequestRefusal): RefusedRequest {
  return { ok: false, reason }
}

async function findSender(
  { components, parameters }: ParsedRequest,
  { findKey }: VerifySenderOptions,
): Promise<{ sender: KeyDocument | undefined; introduced: boolean }> {
  const known = await findKey(parameters.keyId)
  if (known !== undefined || components.key === undefined) return { sender: known, introduced: false }
  return { sender: decodeKeyDocument(components.key), introduced: true }
}

/** A clock that differs is `clock_skew`; `expired` is a request whose sender gave it a shorter life, by a clock that agrees. */
function checkTime(
  { created, expires }: RequestParameters,
  { nowMs, clockSkewMs }: VerifySenderOptions,
): 'clock_skew' | 'expired' | undefined {
  const ageMs = nowMs - created * 1000
  if (ageMs < -clockSkewMs || ageMs > MAX_LIFETIME_S * 1000 + clockSkewMs) return 'clock_skew'
  return nowMs > expires * 1000 + clockSkewMs ? 'expired' : undefined
}

function openBody(parsed: ParsedRequest, context: RecipientContext, bytes: Uint8Array): Uint8Array | undefined {
  const { method, path, query, contentType } = parsed.components
  if (contentType !== SEALED_TYPE || !constantTimeEqual(sha256(bytes), parsed.contentDigest)) return undefined
  return bytes.length === 0 ? bytes : context.open(requestAad(method, path, query), bytes)
}
