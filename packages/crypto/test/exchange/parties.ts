import {
  type AcceptedRequest,
  createRequest,
  generateIdentity,
  type HeaderMap,
  type RequestOptions,
  type RequestVerdict,
  type SignedRequest,
  type VerifyRequestOptions,
  verifyRequest,
} from '../../src/index.ts'

export const client = generateIdentity()
export const node = generateIdentity()
export const stranger = generateIdentity()
export const nowMs = 1_790_000_000_000
export const clockSkewMs = 30_000
export const target = { method: 'POST', path: '/task/result', query: '?wait=1' } as const
export const body = Buffer.from('{"count":5}')

export function request(options: Partial<RequestOptions> = {}): SignedRequest {
  return createRequest({ sender: client, recipient: node.document, ...target, body, nowMs, ...options })
}

export interface Message {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers: HeaderMap
}

export function verdictOf(message: Message, options: Partial<VerifyRequestOptions> = {}): Promise<RequestVerdict> {
  const known = [client, node].map(({ document }) => document)
  return verifyRequest(
    { ...target, ...message },
    {
      identity: node,
      nowMs,
      clockSkewMs,
      findKey: (id) => known.find((document) => document.id === id),
      acceptNonce: () => true,
      ...options,
    },
  )
}

export async function reasonOf(message: Message, options: Partial<VerifyRequestOptions> = {}): Promise<string | undefined> {
  const verdict = await verdictOf(message, options)
  return verdict.ok ? undefined : verdict.reason
}

export async function accepted(message: Message, options: Partial<VerifyRequestOptions> = {}): Promise<AcceptedRequest> {
  const verdict = await verdictOf(message, options)
  if (!verdict.ok) throw new Error(verdict.reason)
  return verdict
}

/** A text with one bit of one character flipped, for every bit. */
export function* flips(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
    }
  }
}
