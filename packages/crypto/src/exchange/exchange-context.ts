import type { ExporterContext } from '../hpke/context.ts'

/** What ties the messages of one exchange together, known alike to both ends. */
export interface ExchangeContext {
  readonly method: string
  readonly path: string
  /** The member `sig1` of the request's signature, with its colons. */
  readonly requestSignature: string
  /** The request's encapsulated key. */
  readonly enc: Uint8Array
  readonly secrets: ExporterContext
}

/** HPKE's info: the sealed context is good for these two components alone. */
export function exchangeInfo(senderId: string, recipientId: string): string {
  return `flotta-exchange-v1\0${senderId}\0${recipientId}`
}

/** The associated data of a request's body: it opens for its own target alone. */
export function requestAad(method: string, path: string, query: string): string {
  return `${method} ${path}${query}`
}
