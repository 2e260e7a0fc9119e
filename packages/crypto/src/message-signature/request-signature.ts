import { type Component, signatureBase, signatureParams } from './signature-base.ts'
import { LABEL, TAG } from './signature-header.ts'

/** What a request's signature covers, in this order; `key` only when the sender introduces itself. */
export interface RequestComponents {
  readonly method: string
  readonly path: string
  /** Empty, or `?` and what follows. */
  readonly query: string
  readonly contentDigest: string
  readonly contentType: string
  readonly recipient: string
  readonly sealed: string
  readonly key?: string | undefined
}

export interface RequestParameters {
  /** Unix time in seconds. */
  readonly created: number
  /** Unix time in seconds; at most 60 after `created`. */
  readonly expires: number
  /** 16 bytes, base64url. */
  readonly nonce: string
  readonly keyId: string
}

export const MAX_LIFETIME_S = 60

const COVERED = [
  '"@method"',
  '"@path"',
  '"@query"',
  '"content-digest"',
  '"content-type"',
  '"flotta-recipient"',
  '"flotta-sealed"',
]
const COVERED_WITH_KEY = [...COVERED, '"flotta-key"']
const PARAMETERS =
  /^;created=([1-9]\d{0,11});expires=([1-9]\d{0,11});nonce="([A-Za-z0-9_-]{21}[AQgw])";keyid="(cmp_[a-z2-7]{26})";alg="ed25519";tag="flotta-v1"$/

export function requestSignatureBase(components: RequestComponents, parameters: RequestParameters): string {
  return signatureBase(coveredComponents(components), formatParameters(parameters))
}

/** The value of the `signature-input` header. */
export function formatRequestInput(parameters: RequestParameters, withKey: boolean): string {
  return `${LABEL}=${signatureParams(withKey ? COVERED_WITH_KEY : COVERED, formatParameters(parameters))}`
}

/** The parameters of a `signature-input` of exactly our form; a byte more, less or in another order is undefined. */
export function parseRequestInput(text: string, withKey: boolean): RequestParameters | undefined {
  const head = `${LABEL}=(${(withKey ? COVERED_WITH_KEY : COVERED).join(' ')})`
  if (!text.startsWith(head)) return undefined
  const match = PARAMETERS.exec(text.slice(head.length))
  if (match === null) return undefined
  const parameters = { created: Number(match[1]), expires: Number(match[2]), nonce: match[3]!, keyId: match[4]! }
  const lifetime = parameters.expires - parameters.created
  return lifetime > 0 && lifetime <= MAX_LIFETIME_S ? parameters : undefined
}

function coveredComponents(components: RequestComponents): Component[] {
  const covered: Component[] = [
    ['"@method"', components.method],
    ['"@path"', components.path],
    ['"@query"', components.query === '' ? '?' : components.query],
    ['"content-digest"', components.contentDigest],
    ['"content-type"', components.contentType],
    ['"flotta-recipient"', components.recipient],
    ['"flotta-sealed"', components.sealed],
  ]
  if (components.key !== undefined) covered.push(['"flotta-key"', components.key])
  return covered
}

function formatParameters({ created, expires, nonce, keyId }: RequestParameters): string {
  return `;created=${created};expires=${expires};nonce="${nonce}";keyid="${keyId}";alg="ed25519";tag="${TAG}"`
}
