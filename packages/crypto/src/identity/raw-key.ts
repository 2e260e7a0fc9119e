import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { toBase64url } from '../bytes/base64.ts'

/** Keys travel as their 32 raw bytes; node:crypto takes them as JWK (public) or PKCS#8 (private). */
export const RAW_KEY_BYTES = 32
export type Curve = 'Ed25519' | 'X25519'

const PKCS8_PREFIX = {
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
} as const

export function publicKeyFromRaw(curve: Curve, raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: curve, x: toBase64url(raw) }, format: 'jwk' })
}

export function privateKeyFromRaw(curve: Curve, raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX[curve], raw]), format: 'der', type: 'pkcs8' })
}

/**
 * The 32 raw bytes of the public half of a key, which are the last ones of its DER (RFC 8410).
 *
 * Not by way of a JWK: while Node exports one it holds the key's lock, and a collection of garbage at that moment that finds the job which has
 * just generated the key waits for the same lock, for ever (Node 20).
 */
export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return Buffer.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES))
}

/** The 32 raw bytes of a private key; they belong into the key file and nowhere else. Not by way of a JWK either. */
export function rawPrivateKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'der', type: 'pkcs8' }).subarray(-RAW_KEY_BYTES))
}

/** X25519 (RFC 7748, section 6.1); undefined for a point of low order, whose shared secret would be zero whatever the private key. */
export function sharedSecret(privateKey: KeyObject, publicKey: KeyObject): Buffer | undefined {
  try {
    const secret = diffieHellman({ privateKey, publicKey })
    return secret.some((byte) => byte !== 0) ? secret : undefined
  } catch {
    return undefined
  }
}

/** A key pair that is used once. */
export interface EphemeralKey {
  readonly rawPublicKey: Uint8Array
  readonly privateKey: KeyObject
}

/**
 * Makes an X25519 key pair. Its public half is read while it is made, so that the job that makes it can't be collected meanwhile (see
 * `rawPublicKey`); the DER of a finished key would cost more than the key.
 */
export function generateEphemeralKey(): EphemeralKey {
  const options = { publicKeyEncoding: { format: 'jwk' } }
  // The types of Node know no public half alone that is encoded.
  const pair: unknown = generateKeyPairSync('x25519', options as never)
  const { publicKey, privateKey } = pair as { readonly publicKey: { readonly x: string }; readonly privateKey: KeyObject }
  return { rawPublicKey: Buffer.from(publicKey.x, 'base64url'), privateKey }
}
