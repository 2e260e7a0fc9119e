import { setupRecipient, setupSender } from '../hpke/setup.ts'
import { COMPONENT_ID_LENGTH } from '../identity/component-id.ts'
import type { Identity } from '../identity/identity.ts'
import { type KeyDocument, publicKeysOf } from '../identity/key-document.ts'
import { SealedStreamError } from './sealed-stream-error.ts'
import type { HeaderRecipient, StreamHeader } from './stream-header.ts'

/**
 * The content key sealed to one recipient.
 *
 * @throws {TypeError} when the recipient's document does not prove itself
 */
export function wrapKey(contentKey: Uint8Array, recipient: KeyDocument, context: string): HeaderRecipient {
  const keys = publicKeysOf(recipient)
  if (keys === undefined || keys.id.length !== COMPONENT_ID_LENGTH) {
    throw new TypeError('the key document of a recipient does not prove itself')
  }
  const sender = setupSender(keys.rawSealingKey, wrapInfo(context, keys.id), keys.sealingKey)!
  return { id: keys.id, enc: sender.enc, wrappedKey: sender.context.seal('', contentKey) }
}

/** @throws {SealedStreamError} `not_a_recipient` or `wrong_key` */
export function unwrapKey(header: StreamHeader, identity: Identity, context: string): Uint8Array {
  const entry = header.recipients.find(({ id }) => id === identity.id)
  if (entry === undefined) throw new SealedStreamError('not_a_recipient')
  const recipient = setupRecipient(entry.enc, identity.sealingKey, wrapInfo(context, identity.id))
  const contentKey = recipient?.open('', entry.wrappedKey)
  if (contentKey === undefined) throw new SealedStreamError('wrong_key')
  return contentKey
}

function wrapInfo(context: string, recipientId: string): Uint8Array {
  return Buffer.from(`flotta-resource-v1\0${recipientId}\0${context}`)
}
