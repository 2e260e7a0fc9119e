import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hkdfExpand, hkdfExtract } from '../../src/bytes/hkdf.ts'
import { kemSharedSecret } from '../../src/hpke/key-schedule.ts'
import { privateKeyFromRaw, publicKeyFromRaw, rawPublicKey, sharedSecret } from '../../src/identity/raw-key.ts'
import { type EphemeralKey, generateIdentity, setupRecipient, setupSender } from '../../src/index.ts'
import { flipBit, hex, vectors } from '../hex.ts'

interface Vectors {
  readonly aes256gcm: Record<
    'info' | 'ikmE' | 'ikmR' | 'skRm' | 'pkRm' | 'enc' | 'encryptionsAccumulated' | 'exportsAccumulated',
    string
  >
  readonly kem: Record<'ikmE' | 'skRm' | 'pkRm' | 'enc' | 'sharedSecret', string>
}

const { aes256gcm, kem } = vectors<Vectors>('rfc9180')

/** DeriveKeyPair of RFC 9180, section 7.1.3, which only vectors need. */
function deriveKeyPair(ikm: string): EphemeralKey {
  const suite = Buffer.concat([Buffer.from('KEM'), hex('0020')])
  const prk = hkdfExtract('', Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from('dkp_prk'), hex(ikm)]))
  const secret = hkdfExpand(prk, Buffer.concat([hex('0020'), Buffer.from('HPKE-v1'), suite, Buffer.from('sk')]), 32)
  const privateKey = privateKeyFromRaw('X25519', secret)
  return { privateKey, rawPublicKey: rawPublicKey(createPublicKey(privateKey)) }
}

/** Pieces of 0 to 255 bytes out of one SHAKE128 stream: the inputs of the accumulated vectors. */
function* inputs(): Generator<Buffer> {
  const stream = createHash('shake128', { outputLength: 600_000 }).digest()
  for (let at = 0; ; at += 1 + stream[at]!) yield stream.subarray(at + 1, at + 1 + stream[at]!)
}

describe('HPKE', () => {
  it('agrees with RFC 9180 on the key encapsulation (appendix A.1.1)', () => {
    const ephemeral = deriveKeyPair(kem.ikmE)
    const toRecipient = sharedSecret(ephemeral.privateKey, publicKeyFromRaw('X25519', hex(kem.pkRm)))!
    expect(kemSharedSecret(toRecipient, hex(kem.enc), hex(kem.pkRm)).toString('hex')).toBe(kem.sharedSecret)
    const toSender = sharedSecret(privateKeyFromRaw('X25519', hex(kem.skRm)), publicKeyFromRaw('X25519', hex(kem.enc)))!
    expect(kemSharedSecret(toSender, hex(kem.enc), hex(kem.pkRm)).toString('hex')).toBe(kem.sharedSecret)
  })

  it('agrees with the vectors of RFC 9180 on 1,000 messages and 1,000 exports, both ways', () => {
    const { enc, context: sender } = setupSender(
      hex(aes256gcm.pkRm),
      hex(aes256gcm.info),
      undefined,
      deriveKeyPair(aes256gcm.ikmE),
    )!
    expect(Buffer.from(enc).toString('hex')).toBe(aes256gcm.enc)
    const recipient = setupRecipient(enc, privateKeyFromRaw('X25519', hex(aes256gcm.skRm)), hex(aes256gcm.info))!
    const sealed = createHash('shake128', { outputLength: 16 })
    const messages = inputs()
    for (let i = 0; i < 1000; i++) {
      const [aad, plaintext] = [messages.next().value as Buffer, messages.next().value as Buffer]
      const ciphertext = sender.seal(aad, plaintext)
      sealed.update(ciphertext)
      expect(recipient.open(aad, ciphertext)).toEqual(plaintext)
    }
    expect(sealed.digest('hex')).toBe(aes256gcm.encryptionsAccumulated)
    const exported = createHash('shake128', { outputLength: 16 })
    const contexts = inputs()
    for (let length = 0; length < 1000; length++) {
      const context = contexts.next().value as Buffer
      const value = sender.export(context, length)
      exported.update(value)
      expect(recipient.export(context, length)).toEqual(value)
    }
    expect(exported.digest('hex')).toBe(aes256gcm.exportsAccumulated)
  })

  it('refuses points of low order on both sides', () => {
    const lowOrder = vectors<{ tests: { public: string; shared: string }[] }>('wycheproof-x25519').tests.filter(({ shared }) =>
      /^0+$/.test(shared),
    )
    expect(lowOrder.length).toBeGreaterThan(0)
    for (const { public: point } of lowOrder) {
      expect(setupSender(hex(point), 'info')).toBeUndefined()
      expect(setupRecipient(hex(point), generateIdentity().sealingKey, 'info')).toBeUndefined()
    }
    expect(setupRecipient(Buffer.alloc(31, 9), generateIdentity().sealingKey, 'info')).toBeUndefined()
  })

  it('opens in order only, and a message that does not open changes nothing', () => {
    const me = generateIdentity()
    const { enc, context } = setupSender(Buffer.from(me.document.sealingKey, 'base64url'), 'info')!
    const recipient = setupRecipient(enc, me.sealingKey, 'info')!
    const [first, second] = [context.seal('a', Buffer.from('1')), context.seal('a', Buffer.from('2'))]
    expect(recipient.open('a', second)).toBeUndefined()
    expect(recipient.open('b', first)).toBeUndefined()
    for (let bit = 0; bit < first.length * 8; bit++) expect(recipient.open('a', flipBit(first, bit))).toBeUndefined()
    expect(recipient.open('a', first)?.toString()).toBe('1')
    expect(recipient.open('a', first)).toBeUndefined()
    expect(recipient.open('a', second)?.toString()).toBe('2')
  })
})

describe('HPKE with @hpke/core at the other end', () => {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const cases = fc.record({
    info: fc.uint8Array({ maxLength: 100 }),
    messages: fc.array(fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 500 })), {
      minLength: 1,
      maxLength: 4,
    }),
    length: fc.integer({ min: 1, max: 100 }),
  })

  it('is opened by it', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ info, messages, length }) => {
        const keys = await suite.kem.generateKeyPair()
        const publicKey = new Uint8Array(await suite.kem.serializePublicKey(keys.publicKey))
        const { enc, context } = setupSender(publicKey, info)!
        const theirs = await suite.createRecipientContext({ recipientKey: keys.privateKey, enc: exact(enc), info: exact(info) })
        for (const [aad, plaintext] of messages) {
          const opened = await theirs.open(exact(context.seal(aad, plaintext)), exact(aad))
          expect(Buffer.from(opened)).toEqual(Buffer.from(plaintext))
        }
        expect(Buffer.from(await theirs.export(exact(info), length))).toEqual(context.export(info, length))
      }),
      { numRuns: 20 },
    )
  })

  it('opens what it seals', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ info, messages, length }) => {
        const secret = randomBytes(32)
        const privateKey = privateKeyFromRaw('X25519', secret)
        const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url')
        const theirs = await suite.createSenderContext({
          recipientPublicKey: await suite.kem.deserializePublicKey(exact(raw)),
          info: exact(info),
        })
        const ours = setupRecipient(new Uint8Array(theirs.enc), privateKey, info)!
        for (const [aad, plaintext] of messages) {
          const sealed = await theirs.seal(exact(plaintext), exact(aad))
          expect(ours.open(aad, new Uint8Array(sealed))).toEqual(Buffer.from(plaintext))
        }
        expect(Buffer.from(await theirs.export(exact(info), length))).toEqual(ours.export(info, length))
      }),
      { numRuns: 20 },
    )
  })
})

function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
