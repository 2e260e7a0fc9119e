import { toBase64url } from '../bytes/base64.ts'
import { randomNonce } from '../bytes/random-nonce.ts'
import { setupSender } from '../hpke/setup.ts'
import type { Identity } from '../identity/identity.ts'
import { type KeyDocument, publicKeysOf } from '../identity/key-document.ts'
import { encodeKeyDocument } from '../identity/key-document-header.ts'
import { contentDigest, parseContentDigest } from '../message-signature/content-digest.ts'
import {
  formatRequestInput,
  MAX_LIFETIME_S,
  type RequestComponents,
  type RequestParameters,
  requestSignatureBase,
} from '../message-signature/request-signature.ts'
import { formatSignature, signatureMember } from '../message-signature/signature-header.ts'
import { exchangeInfo, requestAad } from './exchange-context.ts'
import { formatSealed, isMediaType, isRequestTarget } from './headers.ts'
import { type ResponseOpener, responseOpener } from './response-opener.ts'
import { headerNames, SEALED_TYPE } from './wire-names.ts'

export interface RequestOptions {
  readonly sender: Identity
  readonly recipient: KeyDocument
  /** Upper case. */
  readonly method: string
  /** Path and query exactly as they go into the request line, already percent-encoded; the query is empty or begins with `?`. */
  readonly path: string
  readonly query: string
  /** A body to be sealed; at most one of `body` and `raw`. */
  readonly body?: Uint8Array | undefined
  /** A body that the caller streams as it is (a sealed stream), with its `content-digest`. */
  readonly raw?: { readonly contentType: string; readonly digest: string } | undefined
  /** Adds the sender's key document, for a recipient that does not know it yet. */
  readonly introduce?: boolean | undefined
  /** Unix time. */
  readonly nowMs: number
  /** 16 random bytes, used once: given by tests alone. */
  readonly nonce?: Uint8Array | undefined
}

export interface SignedRequest {
  readonly headers: Record<string, string>
  /** The sealed body; undefined where there is none or the caller streams it. */
  readonly body: Uint8Array | undefined
  readonly responses: ResponseOpener
}

/**
 * Signs a request, seals its body to the recipient, and gives what opens the answer.
 *
 * @throws {TypeError} when the recipient's document does not prove itself, or method, path, query, digest or nonce are malformed
 */
export function createRequest(options: RequestOptions): SignedRequest {
  const { sender, method, path, query } = options
  const recipient = publicKeysOf(options.recipient)
  if (recipient === undefined) throw new TypeError('the key document of the recipient does not prove itself')
  if (!isRequestTarget(method, path, query)) throw new TypeError(`not a request target: ${method} ${path}${query}`)
  const { enc, context } = setupSender(recipient.rawSealingKey, exchangeInfo(sender.id, recipient.id), recipient.sealingKey)!
  const body = options.body === undefined ? undefined : context.seal(requestAad(method, path, query), options.body)
  const components: RequestComponents = {
    method,
    path,
    query,
    ...describeBody(options, body),
    recipient: recipient.id,
    sealed: formatSealed(enc),
    key: options.introduce === true ? encodeKeyDocument(sender.document) : undefined,
  }
  const { headers, member } = signRequest(sender, components, parametersOf(options))
  const exchange = { method, path, requestSignature: member, enc, secrets: context }
  return { headers, body, responses: responseOpener(recipient, exchange) }
}

function describeBody(
  { raw, body: plain }: RequestOptions,
  sealed: Uint8Array | undefined,
): { contentType: string; contentDigest: string } {
  if (raw === undefined) return { contentType: SEALED_TYPE, contentDigest: contentDigest(sealed ?? new Uint8Array(0)) }
  if (plain !== undefined) throw new TypeError('a request has a sealed body or a raw one, not both')
  if (raw.contentType === SEALED_TYPE || !isMediaType(raw.contentType))
    throw new TypeError(`not the type of a raw body: ${raw.contentType}`)
  if (parseContentDigest(raw.digest) === undefined) throw new TypeError('the digest of a raw body is a content-digest value')
  return { contentType: raw.contentType, contentDigest: raw.digest }
}

function parametersOf({ sender, nowMs, nonce = randomNonce(16) }: RequestOptions): RequestParameters {
  if (nonce.length !== 16) throw new TypeError('a nonce has 16 bytes')
  const created = Math.floor(nowMs / 1000)
  return { created, expires: created + MAX_LIFETIME_S, nonce: toBase64url(nonce), keyId: sender.id }
}

function signRequest(
  sender: Identity,
  components: RequestComponents,
  parameters: RequestParameters,
): { headers: Record<string, string>; member: string } {
  const signature = signatureMember(sender.sign(Buffer.from(requestSignatureBase(components, parameters))))
  const headers: Record<string, string> = {
    [headerNames.contentType]: components.contentType,
    [headerNames.contentDigest]: components.contentDigest,
    [headerNames.recipient]: components.recipient,
    [headerNames.sealed]: components.sealed,
    [headerNames.signatureInput]: formatRequestInput(parameters, components.key !== undefined),
    [headerNames.signature]: formatSignature(signature),
  }
  if (components.key !== undefined) headers[headerNames.key] = components.key
  return { headers, member: signature.member }
}
