import { fromBase64 } from '../bytes/base64.ts'
import { SIGNATURE_BYTES } from '../identity/key-document.ts'

/** One signature, one label. */
export const LABEL = 'sig1'
export const TAG = 'flotta-v1'
const SIGNATURE = /^sig1=(:[A-Za-z0-9+/]{86}==:)$/

/** The signature of a message: its bytes, and the dictionary member that a response is bound to. */
export interface SignatureMember {
  readonly bytes: Uint8Array
  readonly member: string
}

export function signatureMember(bytes: Uint8Array): SignatureMember {
  return { bytes, member: `:${Buffer.from(bytes).toString('base64')}:` }
}

/** The value of a `signature` header; undefined unless it is exactly one Ed25519 signature with our label. */
export function parseSignature(text: string): SignatureMember | undefined {
  const member = SIGNATURE.exec(text)?.[1]
  if (member === undefined) return undefined
  const bytes = fromBase64(member.slice(1, -1), SIGNATURE_BYTES)
  return bytes === undefined ? undefined : { bytes, member }
}

export function formatSignature(signature: SignatureMember): string {
  return `${LABEL}=${signature.member}`
}
