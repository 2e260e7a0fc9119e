import { parseContentDigest } from '../message-signature/content-digest.ts'
import { parseRequestInput, type RequestComponents, type RequestParameters } from '../message-signature/request-signature.ts'
import { parseSignature, type SignatureMember } from '../message-signature/signature-header.ts'
import { headerValue, isMediaType, isRequestTarget, parseSealed } from './headers.ts'
import { type HeaderMap, headerNames } from './wire-names.ts'

/** A request as it came in, before its body. Path and query stand as in the request line, not decoded. */
export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: HeaderMap
}

/** A request whose headers have exactly the form of the exchange; nothing of it is believed yet. */
export interface ParsedRequest {
  readonly components: RequestComponents
  readonly parameters: RequestParameters
  readonly signature: SignatureMember
  readonly contentDigest: Uint8Array
  readonly enc: Uint8Array
}

/** The parts of a request; `missing_signature` where it does not even claim to be signed, `malformed` for every other deviation. */
export function parseRequest(request: ReceivedRequest): ParsedRequest | 'missing_signature' | 'malformed' {
  const { method, path, query, headers } = request
  if (headers[headerNames.signature] === undefined || headers[headerNames.signatureInput] === undefined)
    return 'missing_signature'
  if (!isRequestTarget(method, path, query)) return 'malformed'
  const introduces = headers[headerNames.key] !== undefined
  const components: RequestComponents = {
    method,
    path,
    query,
    contentDigest: headerValue(headers, headerNames.contentDigest) ?? '',
    contentType: headerValue(headers, headerNames.contentType) ?? '',
    recipient: headerValue(headers, headerNames.recipient) ?? '',
    sealed: headerValue(headers, headerNames.sealed) ?? '',
    key: introduces ? (headerValue(headers, headerNames.key) ?? '') : undefined,
  }
  const signature = parseSignature(headerValue(headers, headerNames.signature) ?? '')
  const parameters = parseRequestInput(headerValue(headers, headerNames.signatureInput) ?? '', introduces)
  const contentDigest = parseContentDigest(components.contentDigest)
  const enc = parseSealed(components.sealed)
  if (signature === undefined || parameters === undefined || contentDigest === undefined || enc === undefined) return 'malformed'
  return isMediaType(components.contentType) ? { components, parameters, signature, contentDigest, enc } : 'malformed'
}
