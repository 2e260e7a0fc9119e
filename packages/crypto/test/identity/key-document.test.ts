import { createHash, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32 } from '../../src/bytes/base32.ts'
import { sealingKeyStatement } from '../../src/identity/key-document.ts'
import { isLowOrderSigningKey } from '../../src/identity/low-order.ts'
import { privateKeyFromRaw, publicKeyFromRaw, rawPublicKey } from '../../src/identity/raw-key.ts'
import {
  componentIdOf,
  decodeKeyDocument,
  encodeKeyDocument,
  fingerprint,
  fingerprintMatches,
  generateIdentity,
  type KeyDocument,
  verifyKeyDocument,
} from '../../src/index.ts'
import { flipBit, hex } from '../hex.ts'

const { document } = generateIdentity()

describe('a key document', () => {
  it('has the id that derives from its signing key: cmp_ and 26 letters of base32 (A3)', () => {
    const raw = Buffer.from(document.signingKey, 'base64url')
    expect(document.id).toMatch(/^cmp_[a-z2-7]{26}$/)
    expect(componentIdOf(raw)).toBe(document.id)
    expect(document.id.slice(4)).toBe(base32(createHash('sha256').update(raw).digest()).slice(0, 26))
  })

  it('proves itself, and no longer with any field of another component or one bit changed', () => {
    const other = generateIdentity().document
    expect(verifyKeyDocument(document)).toBe(true)
    for (const field of ['id', 'signingKey', 'sealingKey', 'signature'] as const) {
      expect(verifyKeyDocument({ ...document, [field]: other[field] })).toBe(false)
    }
    for (const field of ['signingKey', 'sealingKey', 'signature'] as const) {
      const bytes = Buffer.from(document[field], 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        expect(verifyKeyDocument({ ...document, [field]: flipBit(bytes, bit).toString('base64url') })).toBe(false)
      }
    }
  })

  it('is refused, not thrown at, whatever stands in its place', () => {
    fc.assert(fc.property(fc.anything(), (value) => !verifyKeyDocument(value as KeyDocument)))
    expect(verifyKeyDocument({ ...document, signature: `${document.signature}=` })).toBe(false)
    expect(verifyKeyDocument({ ...document, signature: [document.signature] as unknown as string })).toBe(false)
  })

  it('is refused with a sealing key of low order, even when it is signed', () => {
    const secret = privateKeyFromRaw('Ed25519', Buffer.alloc(32, 7))
    const raw = Buffer.from(secret.export({ format: 'jwk' }).x!, 'base64url')
    for (const point of [Buffer.alloc(32), hex(`01${'00'.repeat(31)}`), hex(`ec${'ff'.repeat(30)}7f`)]) {
      const forged = {
        id: componentIdOf(raw),
        signingKey: raw.toString('base64url'),
        sealingKey: point.toString('base64url'),
        signature: sign(null, sealingKeyStatement(point), secret).toString('base64url'),
      }
      expect(verifyKeyDocument(forged)).toBe(false)
    }
  })

  it('is refused with a signing key of low order, for which a signature holds without a private key', () => {
    const identityPoint = hex(`01${'00'.repeat(31)}`)
    const forged = {
      id: componentIdOf(identityPoint),
      signingKey: identityPoint.toString('base64url'),
      sealingKey: document.sealingKey,
      signature: Buffer.concat([identityPoint, Buffer.alloc(32)]).toString('base64url'),
    }
    expect(verifyKeyDocument(forged)).toBe(false)
    expect(isLowOrderSigningKey(rawPublicKey(publicKeyFromRaw('Ed25519', Buffer.from(document.signingKey, 'base64url'))))).toBe(
      false,
    )
  })

  it('knows every point of low order: y is 0, 1, -1, or a root of the doubling formula', () => {
    const p = 2n ** 255n - 19n
    const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
    const candidates = [
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ]
    for (const encoded of candidates) {
      const y = BigInt(`0x${hex(encoded).reverse().toString('hex')}`)
      // A point of order 8 doubles to one of order 4, whose y is 0: x² = -y² there, so -y² (d y² + 1) = y² - 1 modulo p.
      const square = (y * y) % p
      expect((-square * (d * square + 1n) - (square - 1n)) % p).toBe(0n)
      expect(isLowOrderSigningKey(hex(encoded))).toBe(true)
      expect(isLowOrderSigningKey(flipBit(hex(encoded), 255))).toBe(true)
    }
  })

  it('travels in a header of fixed length and comes back the same', () => {
    const text = encodeKeyDocument(document)
    expect(text).toHaveLength(171)
    expect(decodeKeyDocument(text)).toEqual(document)
    const bytes = Buffer.from(text, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      expect(decodeKeyDocument(flipBit(bytes, bit).toString('base64url'))).toBeUndefined()
    }
    for (const bad of ['', text.slice(1), `${text}A`, `${text}=`, `${text.slice(0, -1)}!`])
      expect(decodeKeyDocument(bad)).toBeUndefined()
  })
})

describe('a fingerprint', () => {
  it('is eight groups of four letters over both keys', () => {
    expect(fingerprint(document)).toMatch(/^([a-z2-7]{4}-){7}[a-z2-7]{4}$/)
    const swapped = { ...document, sealingKey: generateIdentity().document.sealingKey }
    expect(fingerprint(swapped)).not.toBe(fingerprint(document))
  })

  it('is recognised as people type it, and in no other form', () => {
    const text = fingerprint(document)
    for (const typed of [text, text.toUpperCase(), text.replaceAll('-', ' '), text.replaceAll('-', ''), ` ${text}\n`]) {
      expect(fingerprintMatches(document, typed)).toBe(true)
    }
    for (const typed of ['', text.slice(0, -1), `${text}a`, fingerprint(generateIdentity().document), text.replace(/.$/, '1')]) {
      expect(fingerprintMatches(document, typed)).toBe(false)
    }
  })

  it('is base32 as RFC 4648 has it', () => {
    const known = { '': '', f: 'my', fo: 'mzxq', foo: 'mzxw6', foob: 'mzxw6yq', fooba: 'mzxw6ytb', foobar: 'mzxw6ytboi' }
    for (const [plain, encoded] of Object.entries(known)) expect(base32(Buffer.from(plain))).toBe(encoded)
  })
})
