import { verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gcmOpen, gcmSeal, sequenceNonce } from '../../src/bytes/aes-gcm.ts'
import { hkdfExpand, hkdfExtract } from '../../src/bytes/hkdf.ts'
import { privateKeyFromRaw, publicKeyFromRaw, sharedSecret } from '../../src/identity/raw-key.ts'
import { flipBit, hex, vectors } from '../hex.ts'

interface Tests<T> {
  readonly tests: readonly (T & { readonly tcId: number })[]
}

const hkdf = vectors<Tests<{ ikm: string; salt: string; info: string; size: number; okm: string }>>('wycheproof-hkdf-sha256')
const gcm =
  vectors<Tests<{ key: string; iv: string; aad: string; msg: string; ct: string; tag: string; result: string }>>(
    'wycheproof-aes-gcm',
  )
const ed25519 = vectors<Tests<{ pk: string; msg: string; sig: string; result: string }>>('wycheproof-ed25519')
const x25519 = vectors<Tests<{ public: string; private: string; shared: string }>>('wycheproof-x25519')

describe('HKDF-SHA256', () => {
  it.each(hkdf.tests)('agrees with Wycheproof $tcId', ({ ikm, salt, info, size, okm }) => {
    expect(hkdfExpand(hkdfExtract(hex(salt), hex(ikm)), hex(info), size).toString('hex')).toBe(okm)
  })

  it('gives at most 255 blocks', () => {
    expect(hkdfExpand(Buffer.alloc(32), '', 8160)).toHaveLength(8160)
    expect(() => hkdfExpand(Buffer.alloc(32), '', 8161)).toThrow(RangeError)
  })
})

describe('AES-256-GCM', () => {
  it.each(gcm.tests)('agrees with Wycheproof $tcId ($result)', ({ key, iv, aad, msg, ct, tag, result }) => {
    const opened = gcmOpen(hex(key), hex(iv), hex(ct + tag), hex(aad))
    expect(opened?.toString('hex')).toBe(result === 'valid' ? msg : undefined)
    if (result === 'valid') expect(gcmSeal(hex(key), hex(iv), hex(msg), hex(aad)).toString('hex')).toBe(ct + tag)
  })

  it('opens nothing in which one bit of ciphertext, tag or associated data differs, nor what is shorter than a tag', () => {
    const { key, iv, aad, ct, tag } = gcm.tests[0]!
    const sealed = hex(ct + tag)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      expect(gcmOpen(hex(key), hex(iv), flipBit(sealed, bit), hex(aad))).toBeUndefined()
    }
    for (let bit = 0; bit < aad.length * 4; bit++) {
      expect(gcmOpen(hex(key), hex(iv), sealed, flipBit(hex(aad), bit))).toBeUndefined()
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(gcmOpen(hex(key), hex(iv), sealed.subarray(0, length), hex(aad))).toBeUndefined()
    }
  })

  it('numbers nonces by XOR of the big-endian sequence and ends before one repeats', () => {
    const base = hex('ffffffffffffffffffffffff')
    expect(sequenceNonce(base, 0).toString('hex')).toBe('ffffffffffffffffffffffff')
    expect(sequenceNonce(base, 0x010203).toString('hex')).toBe('fffffffffffffffffffefdfc')
    expect(sequenceNonce(base, 2 ** 48 - 1).toString('hex')).toBe('ffffffffffff000000000000')
    expect(() => sequenceNonce(base, 2 ** 48)).toThrow(RangeError)
  })
})

describe('Ed25519', () => {
  it.each(ed25519.tests)('agrees with Wycheproof $tcId ($result)', ({ pk, msg, sig, result }) => {
    expect(verify(null, hex(msg), publicKeyFromRaw('Ed25519', hex(pk)), hex(sig))).toBe(result === 'valid')
  })
})

describe('X25519', () => {
  it.each(x25519.tests)('agrees with Wycheproof $tcId, and a shared secret of zero is refused', (test) => {
    const secret = sharedSecret(privateKeyFromRaw('X25519', hex(test.private)), publicKeyFromRaw('X25519', hex(test.public)))
    expect(secret?.toString('hex')).toBe(/^0+$/.test(test.shared) ? undefined : test.shared)
  })
})
