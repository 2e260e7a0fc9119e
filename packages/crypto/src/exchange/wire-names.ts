/** The headers of the exchange, in the lower case in which they are signed and read. */
export const headerNames = {
  contentDigest: 'content-digest',
  contentType: 'content-type',
  signature: 'signature',
  signatureInput: 'signature-input',
  recipient: 'flotta-recipient',
  sealed: 'flotta-sealed',
  key: 'flotta-key',
} as const

/** The media type of a body that HPKE has sealed; an empty body bears it too. */
export const SEALED_TYPE = 'application/vnd.flotta.sealed'
export const EVENTS_TYPE = 'text/event-stream'
/** The media type of an answer that begins before it is known: breaths, and then the answer. */
export const HELD_TYPE = 'application/vnd.flotta.held'

/** Headers as `node:http` gives them: names in lower case; a header that came twice is an array or a joined text. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>
