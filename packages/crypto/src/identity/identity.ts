import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { toBase64url } from '../bytes/base64.ts'
import { componentIdOf } from './component-id.ts'
import { type KeyDocument, sealingKeyStatement } from './key-document.ts'
import { rawPublicKey } from './raw-key.ts'

/** A component with its private keys. Printed, inspected, serialised or cloned it shows its public half alone. */
export interface Identity {
  readonly id: string
  readonly document: KeyDocument
  /** The private X25519 key. An accessor of the prototype: it is neither enumerated nor serialised. */
  readonly sealingKey: KeyObject
  /** Ed25519 (RFC 8032): 64 bytes. */
  sign(data: Uint8Array): Uint8Array
}

class ComponentIdentity implements Identity {
  readonly id: string
  readonly document: KeyDocument
  readonly #signingKey: KeyObject
  readonly #sealingKey: KeyObject

  constructor(signingKey: KeyObject, sealingKey: KeyObject) {
    const rawSigningKey = rawPublicKey(createPublicKey(signingKey))
    const rawSealingKey = rawPublicKey(createPublicKey(sealingKey))
    this.#signingKey = signingKey
    this.#sealingKey = sealingKey
    this.id = componentIdOf(rawSigningKey)
    this.document = Object.freeze({
      id: this.id,
      signingKey: toBase64url(rawSigningKey),
      sealingKey: toBase64url(rawSealingKey),
      signature: toBase64url(this.sign(sealingKeyStatement(rawSealingKey))),
    })
    Object.freeze(this)
  }

  get sealingKey(): KeyObject {
    return this.#sealingKey
  }

  sign(data: Uint8Array): Uint8Array {
    return sign(null, data, this.#signingKey)
  }
}

/** An identity of two private keys: Ed25519 and X25519. */
export function identityOf(signingKey: KeyObject, sealingKey: KeyObject): Identity {
  return new ComponentIdentity(signingKey, sealingKey)
}

/** A new identity that lives in memory alone. */
export function generateIdentity(): Identity {
  return identityOf(generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('x25519').privateKey)
}
