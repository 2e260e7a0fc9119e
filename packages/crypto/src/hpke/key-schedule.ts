import { KEY_BYTES, NONCE_BYTES } from '../bytes/aes-gcm.ts'
import { BoundedCache } from '../bytes/bounded-cache.ts'
import { hkdfExpand, hkdfExtract } from '../bytes/hkdf.ts'

/** The identifiers of RFC 9180, section 7: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256. */
const KEM_ID = 0x0020
const KDF_ID = 0x0001
const AES_256_GCM_ID = 0x0002
const MODE_BASE = 0
const HASH_BYTES = 32
const EMPTY = Buffer.alloc(0)

const KEM_SUITE = Buffer.concat([Buffer.from('KEM'), uint16(KEM_ID)])
const HPKE_SUITE = Buffer.concat([Buffer.from('HPKE'), uint16(KEM_ID), uint16(KDF_ID), uint16(AES_256_GCM_ID)])

/** What both ends derive from one key agreement. */
export interface Schedule {
  readonly key: Uint8Array
  readonly baseNonce: Uint8Array
  readonly exporterSecret: Uint8Array
}

/** ExtractAndExpand of the DHKEM (RFC 9180, section 4.1): 32 bytes. */
export function kemSharedSecret(dh: Uint8Array, enc: Uint8Array, recipientPublicKey: Uint8Array): Buffer {
  const key = labeledExtract(KEM_SUITE, EMPTY, 'eae_prk', dh)
  return labeledExpand(KEM_SUITE, key, 'shared_secret', Buffer.concat([enc, recipientPublicKey]), HASH_BYTES)
}

/** KeySchedule in base mode (RFC 9180, section 5.1). What is given as text is remembered; bytes are for what is said once. */
export function keySchedule(sharedSecret: Uint8Array, info: Uint8Array | string): Schedule {
  const context = typeof info === 'string' ? contextOf(info) : scheduleContext(info)
  const secret = labeledExtract(HPKE_SUITE, sharedSecret, 'secret', EMPTY)
  return {
    key: labeledExpand(HPKE_SUITE, secret, 'key', context, KEY_BYTES),
    baseNonce: labeledExpand(HPKE_SUITE, secret, 'base_nonce', context, NONCE_BYTES),
    exporterSecret: labeledExpand(HPKE_SUITE, secret, 'exp', context, HASH_BYTES),
  }
}

const MAX_CONTEXTS = 1024
const contexts = new BoundedCache<Uint8Array>(MAX_CONTEXTS)

/** Two components say the same to each other in every exchange: their context is remembered. */
function contextOf(info: string): Uint8Array {
  const known = contexts.get(info)
  if (known !== undefined) return known
  const context = new Uint8Array(scheduleContext(Buffer.from(info)))
  contexts.set(info, context)
  return context
}

function scheduleContext(info: Uint8Array): Buffer {
  return Buffer.concat([BASE_CONTEXT, labeledExtract(HPKE_SUITE, EMPTY, 'info_hash', info)])
}

/** Context.Export (RFC 9180, section 5.3). */
export function exportSecret(exporterSecret: Uint8Array, exporterContext: Uint8Array, length: number): Buffer {
  return labeledExpand(HPKE_SUITE, exporterSecret, 'sec', exporterContext, length)
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, inputKey: Uint8Array): Buffer {
  return hkdfExtract(salt, Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), inputKey]))
}

function labeledExpand(suite: Uint8Array, key: Uint8Array, label: string, info: Uint8Array, length: number): Buffer {
  return hkdfExpand(key, Buffer.concat([uint16(length), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info]), length)
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

/** The mode and the hash of the empty psk_id, which base mode never changes. */
const BASE_CONTEXT = Buffer.concat([Buffer.of(MODE_BASE), labeledExtract(HPKE_SUITE, EMPTY, 'psk_id_hash', EMPTY)])
