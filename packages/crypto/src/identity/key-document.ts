import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { fromBase64url } from '../bytes/base64.ts'
import { BoundedCache } from '../bytes/bounded-cache.ts'
import { componentIdOf } from './component-id.ts'
import { isLowOrderSigningKey } from './low-order.ts'
import { publicKeyFromRaw, RAW_KEY_BYTES, sharedSecret } from './raw-key.ts'

/** The public half of a component: its keys, raw and base64url, the second signed by the first. It proves itself. */
export interface KeyDocument {
  readonly id: string
  readonly signingKey: string
  readonly sealingKey: string
  readonly signature: string
}

/** The keys of a document whose proof holds. */
export interface PublicKeys {
  readonly id: string
  readonly signingKey: KeyObject
  readonly sealingKey: KeyObject
  readonly rawSigningKey: Uint8Array
  readonly rawSealingKey: Uint8Array
}

export const SIGNATURE_BYTES = 64
/** More than the components that one node serves: a cache that is asked for more than it holds, in turns, holds nothing that is asked for. */
const MAX_CACHED_DOCUMENTS = 16_384
const proven = new BoundedCache<PublicKeys>(MAX_CACHED_DOCUMENTS)
const probe = generateKeyPairSync('x25519').privateKey

/** Whether the id derives from the signing key, the sealing key is signed by it, and neither key is a point of low order. */
export function verifyKeyDocument(value: KeyDocument): boolean {
  return publicKeysOf(value) !== undefined
}

/** The document's keys, or undefined when it does not prove itself. A proven document is remembered, so that it costs once. */
export function publicKeysOf(document: KeyDocument): PublicKeys | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const { id, signingKey, sealingKey, signature } = document
  if (![id, signingKey, sealingKey, signature].every((field) => typeof field === 'string')) return undefined
  const name = `${id} ${signingKey} ${sealingKey} ${signature}`
  const known = proven.get(name)
  if (known !== undefined) return known
  const keys = prove(document)
  if (keys !== undefined) proven.set(name, keys)
  return keys
}

/** What the signing key signs to vouch for the sealing key. */
export function sealingKeyStatement(rawSealingKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('flotta-key-v1\0'), rawSealingKey])
}

function prove(document: KeyDocument): PublicKeys | undefined {
  const rawSigningKey = fromBase64url(document.signingKey, RAW_KEY_BYTES)
  const rawSealingKey = fromBase64url(document.sealingKey, RAW_KEY_BYTES)
  const signature = fromBase64url(document.signature, SIGNATURE_BYTES)
  if (rawSigningKey === undefined || rawSealingKey === undefined || signature === undefined) return undefined
  if (document.id !== componentIdOf(rawSigningKey) || isLowOrderSigningKey(rawSigningKey)) return undefined
  const signingKey = publicKeyFromRaw('Ed25519', rawSigningKey)
  const sealingKey = publicKeyFromRaw('X25519', rawSealingKey)
  if (!verify(null, sealingKeyStatement(rawSealingKey), signingKey, signature)) return undefined
  if (sharedSecret(probe, sealingKey) === undefined) return undefined
  // Copies: what is remembered would keep the whole shared piece of memory that it was decoded into.
  return {
    id: document.id,
    signingKey,
    sealingKey,
    rawSigningKey: new Uint8Array(rawSigningKey),
    rawSealingKey: new Uint8Array(rawSealingKey),
  }
}
