import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  type EphemeralKey,
  generateEphemeralKey,
  publicKeyFromRaw,
  RAW_KEY_BYTES,
  rawPublicKey,
  sharedSecret,
} from '../identity/raw-key.ts'
import { type RecipientContext, recipientContext, type SenderContext, senderContext } from './context.ts'
import { kemSharedSecret, keySchedule } from './key-schedule.ts'

export interface SenderSetup {
  /** The encapsulated key: 32 bytes that the recipient needs. */
  readonly enc: Uint8Array
  readonly context: SenderContext
}

/**
 * SetupBaseS of HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM; undefined when the recipient's key is a point of low order.
 *
 * @param imported the recipient's key once more, where the caller has it imported
 * @param ephemeral used once and never again: given by tests alone
 */
export function setupSender(
  recipientPublicKey: Uint8Array,
  info: Uint8Array | string,
  imported: KeyObject = publicKeyFromRaw('X25519', recipientPublicKey),
  ephemeral: EphemeralKey = generateEphemeralKey(),
): SenderSetup | undefined {
  const dh = sharedSecret(ephemeral.privateKey, imported)
  if (dh === undefined) return undefined
  const enc = ephemeral.rawPublicKey
  const schedule = keySchedule(kemSharedSecret(dh, enc, recipientPublicKey), info)
  return { enc, context: senderContext(schedule) }
}

/** SetupBaseR of HPKE; undefined when `enc` is not 32 bytes or a point of low order. A wrong key or info shows when opening. */
export function setupRecipient(enc: Uint8Array, privateKey: KeyObject, info: Uint8Array | string): RecipientContext | undefined {
  if (enc.length !== RAW_KEY_BYTES) return undefined
  const dh = sharedSecret(privateKey, publicKeyFromRaw('X25519', enc))
  if (dh === undefined) return undefined
  return recipientContext(keySchedule(kemSharedSecret(dh, enc, publicHalf(privateKey)), info))
}

const publicHalves = new WeakMap<KeyObject, Uint8Array>()

function publicHalf(privateKey: KeyObject): Uint8Array {
  const known = publicHalves.get(privateKey)
  if (known !== undefined) return known
  const raw = rawPublicKey(createPublicKey(privateKey))
  publicHalves.set(privateKey, raw)
  return raw
}
