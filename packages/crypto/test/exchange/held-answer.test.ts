import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BREATH, contentDigest, HELD_TYPE, type HeldVerdict, type ResponseOpener } from '../../src/index.ts'
import { flipBit } from '../hex.ts'
import { accepted, request } from './parties.ts'

const body = Buffer.from('{"task":null}')
const breaths = (count: number) => Buffer.alloc(count, BREATH)

async function exchange() {
  const sent = request()
  const received = await accepted({ headers: sent.headers })
  return { sent, received, held: received.responses.held() }
}

/** What a reader makes of a body that arrives in these pieces. */
function read(responses: ResponseOpener, ...chunks: readonly Uint8Array[]): HeldVerdict & { readonly taken: readonly unknown[] } {
  const opener = responses.held(10_000)
  const taken = chunks.map((chunk) => opener.take(chunk))
  return { taken, ...opener.open() }
}

const refused = (reason: string) => expect.objectContaining({ ok: false, reason })

describe('a held answer', () => {
  it('has a head that is signed before the answer is known, and for its own request alone', async () => {
    const { sent, held } = await exchange()
    const headers = held.headers()
    expect(sent.responses.verifyHead({ status: 200, headers })).toMatchObject({ ok: true, contentType: HELD_TYPE })
    expect(request().responses.verifyHead({ status: 200, headers })).toEqual({ ok: false, reason: 'bad_signature' })
    const plain = { ...headers, 'content-type': 'application/vnd.flotta.sealed' }
    expect(sent.responses.verifyHead({ status: 200, headers: plain })).toEqual({ ok: false, reason: 'bad_signature' })
  })

  it('arrives as it was sent, with a status of its own, after any number of breaths and in any pieces', async () => {
    const { sent, held } = await exchange()
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.integer({ min: 200, max: 599 }),
        fc.uint8Array({ maxLength: 3000 }),
        fc.array(fc.nat(3100), { maxLength: 5 }),
        (count, status, content, cuts) => {
          const all = Buffer.concat([breaths(count), held.end({ status, body: content })])
          const at = [0, ...cuts.sort((a, b) => a - b), all.length]
          const pieces = at.slice(1).map((end, i) => all.subarray(at[i], end))
          expect(read(sent.responses, ...pieces)).toMatchObject({ ok: true, status, body: Buffer.from(content) })
        },
      ),
    )
  })

  it('tells a breath from the answer, and shows nothing of the latter', async () => {
    const { sent, held } = await exchange()
    const end = held.end({ status: 200, body })
    expect(read(sent.responses, breaths(1), breaths(3), Buffer.concat([breaths(1), end])).taken).toEqual([
      'breath',
      'breath',
      'answer',
    ])
    expect(Buffer.from(end).toString('latin1')).not.toContain('task')
  })

  it('that ends before its end was cut off, wherever that is', async () => {
    const { sent, held } = await exchange()
    const all = Buffer.concat([breaths(2), held.end({ status: 200, body })])
    for (let length = 0; length < all.length; length++)
      expect(read(sent.responses, all.subarray(0, length)), String(length)).toEqual(refused('cut_off'))
  })

  it('is refused with any one bit of its end changed, and with any byte that is neither a breath nor its end', async () => {
    const { sent, held } = await exchange()
    const end = held.end({ status: 200, body })
    for (let bit = 0; bit < end.length * 8; bit++)
      expect(read(sent.responses, breaths(1), flipBit(end, bit)).ok, String(bit)).toBe(false)
    for (let byte = 2; byte < 256; byte++) expect(read(sent.responses, Buffer.of(byte), end)).toEqual(refused('not_sealed'))
    for (const after of [breaths(1), end, Buffer.of(7)]) expect(read(sent.responses, end, after)).toEqual(refused('not_sealed'))
  })

  it('is refused where its end is that of another request, of another kind of answer, or made up', async () => {
    const { sent, received, held } = await exchange()
    const other = await exchange()
    expect(read(sent.responses, breaths(1), other.held.end({ status: 200, body }))).toEqual(refused('not_sealed'))
    const framed = (sealed: Uint8Array) => {
      const prefix = Buffer.from([1, 0, 0, 0, 0])
      prefix.writeUInt32BE(sealed.length, 1)
      return Buffer.concat([prefix, sealed])
    }
    const event = Buffer.from(received.responses.stream().frame(body), 'base64url')
    for (const foreign of [received.responses.seal({ status: 200, body }).body, event, Buffer.alloc(100), Buffer.alloc(0)])
      expect(read(sent.responses, breaths(1), framed(foreign))).toEqual(refused('not_sealed'))
    const end = held.end({ status: 200, body })
    const whole = {
      headers: received.responses.sign({ status: 200, contentType: 'application/vnd.flotta.sealed', digest: contentDigest(end) }),
    }
    for (const sealed of [end, end.subarray(5)])
      expect(sent.responses.open({ status: 200, ...whole, body: sealed }).ok).toBe(false)
  })

  it('has the length at most that its reader takes', async () => {
    const { sent, held } = await exchange()
    expect(read(sent.responses, held.end({ status: 200, body: Buffer.alloc(9_900) })).ok).toBe(true)
    expect(read(sent.responses, held.end({ status: 200, body: Buffer.alloc(10_000) }))).toEqual(refused('not_sealed'))
  })

  it('never uses a key and a nonce twice', async () => {
    const { held } = await exchange()
    expect(new Set(Array.from({ length: 20 }, () => Buffer.from(held.end({ status: 200, body })).toString('hex'))).size).toBe(20)
  })
})
