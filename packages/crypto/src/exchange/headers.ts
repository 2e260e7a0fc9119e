import { fromBase64url, toBase64url } from '../bytes/base64.ts'
import { RAW_KEY_BYTES } from '../identity/raw-key.ts'
import type { HeaderMap } from './wire-names.ts'

const MAX_HEADER_LENGTH = 1024
const MEDIA_TYPE =
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(?:; ?[a-z0-9-]{1,64}=[A-Za-z0-9._+-]{1,64})?$/
const METHOD = /^[A-Z]{1,16}$/
const PATH = /^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/
const QUERY = /^(?:\?[\x21\x22\x24-\x7e]+)?$/
const MAX_TARGET_LENGTH = 8192
const VERSION = '1;'

/** The one value of a header, or undefined when it is absent, came twice or is too long. */
export function headerValue(headers: HeaderMap, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  return typeof value === 'string' && value.length <= MAX_HEADER_LENGTH ? value : undefined
}

export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text)
}

/** Whether method, path and query are as they stand in a request line: visible ASCII, and a query that is not a lone `?`. */
export function isRequestTarget(method: string, path: string, query: string): boolean {
  return METHOD.test(method) && path.length + query.length <= MAX_TARGET_LENGTH && PATH.test(path) && QUERY.test(query)
}

/** The value of `flotta-sealed`: the version of the suite and the encapsulated key. */
export function formatSealed(enc: Uint8Array): string {
  return VERSION + toBase64url(enc)
}

export function parseSealed(text: string): Uint8Array | undefined {
  return text.startsWith(VERSION) ? fromBase64url(text.slice(VERSION.length), RAW_KEY_BYTES) : undefined
}
