import { SealedStreamError } from './sealed-stream-error.ts'

const MAGIC = Buffer.from('FLR1')
const SUITE = 1
const ID_BYTES = 30
const ENC_BYTES = 32
const WRAPPED_KEY_BYTES = 48
const RECIPIENT_BYTES = ID_BYTES + ENC_BYTES + WRAPPED_KEY_BYTES
/** Magic, suite and the length of the content type. */
const PREFIX_BYTES = MAGIC.length + 2
/** So many bytes always tell how long the header is. */
export const HEADER_START_BYTES = PREFIX_BYTES + 255 + 2
export const MAX_RECIPIENTS = 1024
const CONTENT_TYPE = /^[\x20-\x7e]{1,255}$/

export interface HeaderRecipient {
  readonly id: string
  readonly enc: Uint8Array
  readonly wrappedKey: Uint8Array
}

export interface StreamHeader {
  readonly contentType: string
  readonly recipients: readonly HeaderRecipient[]
}

/**
 * Magic `FLR1`, suite (1), length of the content type (1), the content type in ASCII, number of recipients (2, big-endian, after
 * the content type), then for each: component id (30), HPKE enc (32), wrapped content key (48).
 *
 * @throws {RangeError} when there are no recipients or more than 1024, or the content type is not 1 to 255 printable characters
 */
export function encodeHeader({ contentType, recipients }: StreamHeader): Buffer {
  if (recipients.length < 1 || recipients.length > MAX_RECIPIENTS)
    throw new RangeError('a sealed stream has 1 to 1024 recipients')
  if (!CONTENT_TYPE.test(contentType)) throw new RangeError('a content type has 1 to 255 printable ASCII characters')
  const parts: Uint8Array[] = [MAGIC, Buffer.of(SUITE, contentType.length), Buffer.from(contentType, 'latin1')]
  parts.push(Buffer.of(recipients.length >> 8, recipients.length & 0xff))
  for (const { id, enc, wrappedKey } of recipients) parts.push(Buffer.from(id, 'latin1'), enc, wrappedKey)
  return Buffer.concat(parts)
}

/**
 * How many bytes the header has, as far as `start` (its first bytes) tells; undefined while that is too little.
 *
 * @throws {SealedStreamError} as soon as the bytes cannot begin a header
 */
export function headerLength(start: Buffer): number | undefined {
  const magic = start.subarray(0, MAGIC.length)
  if (!magic.equals(MAGIC.subarray(0, magic.length))) throw new SealedStreamError('not_sealed')
  if (start.length > MAGIC.length && start[MAGIC.length] !== SUITE) throw new SealedStreamError('unsupported')
  if (start.length < PREFIX_BYTES) return undefined
  const countAt = PREFIX_BYTES + start[MAGIC.length + 1]!
  if (start.length < countAt + 2) return undefined
  const count = start.readUInt16BE(countAt)
  if (count < 1 || count > MAX_RECIPIENTS) throw new SealedStreamError('malformed')
  return countAt + 2 + count * RECIPIENT_BYTES
}

/** @throws {SealedStreamError} `malformed` when the content type is not printable */
export function decodeHeader(header: Buffer): StreamHeader {
  const countAt = PREFIX_BYTES + header[MAGIC.length + 1]!
  const contentType = header.toString('latin1', PREFIX_BYTES, countAt)
  if (!CONTENT_TYPE.test(contentType)) throw new SealedStreamError('malformed')
  const recipients: HeaderRecipient[] = []
  for (let at = countAt + 2; at < header.length; at += RECIPIENT_BYTES) {
    const encAt = at + ID_BYTES
    const keyAt = encAt + ENC_BYTES
    recipients.push({
      id: header.toString('latin1', at, encAt),
      enc: header.subarray(encAt, keyAt),
      wrappedKey: header.subarray(keyAt, keyAt + WRAPPED_KEY_BYTES),
    })
  }
  return { contentType, recipients }
}
