import { type Component, signatureBase, signatureParams } from './signature-base.ts'
import { LABEL, TAG } from './signature-header.ts'

/** What a response's signature covers: itself, and the request that it answers. */
export interface ResponseComponents {
  readonly status: number
  readonly contentDigest: string
  readonly contentType: string
  /** The member `sig1` of the request's `signature` header, with its colons. */
  readonly requestSignature: string
  readonly requestMethod: string
  readonly requestPath: string
}

export interface ResponseParameters {
  /** Unix time in seconds. */
  readonly created: number
  readonly keyId: string
}

const COVERED = ['"@status"', '"content-digest"', '"content-type"', '"signature";req;key="sig1"', '"@method";req', '"@path";req']
const HEAD = `${LABEL}=(${COVERED.join(' ')})`
const PARAMETERS = /^;created=([1-9]\d{0,11});keyid="(cmp_[a-z2-7]{26})";alg="ed25519";tag="flotta-v1"$/

export function responseSignatureBase(components: ResponseComponents, parameters: ResponseParameters): string {
  const covered: Component[] = [
    ['"@status"', String(components.status)],
    ['"content-digest"', components.contentDigest],
    ['"content-type"', components.contentType],
    ['"signature";req;key="sig1"', components.requestSignature],
    ['"@method";req', components.requestMethod],
    ['"@path";req', components.requestPath],
  ]
  return signatureBase(covered, formatParameters(parameters))
}

/** The value of the `signature-input` header. */
export function formatResponseInput(parameters: ResponseParameters): string {
  return `${LABEL}=${signatureParams(COVERED, formatParameters(parameters))}`
}

/** The parameters of a `signature-input` of exactly our form; anything else is undefined. */
export function parseResponseInput(text: string): ResponseParameters | undefined {
  if (!text.startsWith(HEAD)) return undefined
  const match = PARAMETERS.exec(text.slice(HEAD.length))
  return match === null ? undefined : { created: Number(match[1]), keyId: match[2]! }
}

function formatParameters({ created, keyId }: ResponseParameters): string {
  return `;created=${created};keyid="${keyId}";alg="ed25519";tag="${TAG}"`
}
