import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentDigest, type HeaderMap, type ResponseVerdict } from '../../src/index.ts'
import { flipBit } from '../hex.ts'
import { accepted, client, flips, node, request, stranger } from './parties.ts'

const bytes = Buffer.from('{"rows":7}')

async function exchange() {
  const sent = request()
  const received = await accepted({ headers: sent.headers })
  return { sent, received, answer: received.responses.seal({ status: 200, body: bytes }) }
}

function reason(verdict: ResponseVerdict): string | undefined {
  return verdict.ok ? undefined : verdict.reason
}

describe('a response', () => {
  it('arrives as it was sent, whatever its status and body', async () => {
    const { sent, received } = await exchange()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 200, max: 599 }), (body, status) => {
        const answer = received.responses.seal({ status, body })
        expect(sent.responses.open({ status, ...answer })).toEqual({ ok: true, body: Buffer.from(body) })
      }),
      { numRuns: 50 },
    )
    const empty = received.responses.seal({ status: 204 })
    expect(empty.body).toHaveLength(0)
    expect(sent.responses.open({ status: 204, ...empty })).toEqual({ ok: true, body: new Uint8Array(0) })
  })

  it('shows nothing of its body, and never the same twice', async () => {
    const { received } = await exchange()
    const bodies = Array.from({ length: 5 }, () =>
      Buffer.from(received.responses.seal({ status: 200, body: bytes }).body).toString('latin1'),
    )
    expect(new Set(bodies).size).toBe(5)
    for (const text of bodies) expect(text).not.toContain('rows')
  })

  it('is refused with any one bit of its status, headers or body changed', async () => {
    const { sent, answer } = await exchange()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const changed of flips(value)) {
        const headers = { ...answer.headers, [name]: changed }
        const verdict = sent.responses.open({ status: 200, headers, body: answer.body })
        // The time of signing is not compared with any clock, yet it is signed.
        expect(verdict.ok, `${name}: ${changed}`).toBe(false)
      }
    }
    for (let bit = 0; bit < answer.body.length * 8; bit++) {
      expect(reason(sent.responses.open({ status: 200, headers: answer.headers, body: flipBit(answer.body, bit) }))).toBe(
        'wrong_digest',
      )
    }
    for (const status of [201, 404, 500, 2000, Number.NaN])
      expect(reason(sent.responses.open({ status, ...answer }))).toBe('bad_signature')
    expect(reason(sent.responses.open({ status: 200, headers: answer.headers, body: new Uint8Array(0) }))).toBe('wrong_digest')
  })

  it('is refused as the answer to any other request, even to the same one sent twice', async () => {
    const [first, second] = [await exchange(), await exchange()]
    expect(reason(second.sent.responses.open({ status: 200, ...first.answer }))).toBe('bad_signature')
    expect(reason(first.sent.responses.open({ status: 200, ...second.answer }))).toBe('bad_signature')
  })

  it('is refused when it is unsigned, signed twice, or by another component', async () => {
    const { sent, answer, received } = await exchange()
    const open = (headers: HeaderMap) => reason(sent.responses.open({ status: 200, headers, body: answer.body }))
    const { signature, 'signature-input': input, ...rest } = answer.headers
    expect(open({})).toBe('missing_signature')
    expect(open(rest)).toBe('missing_signature')
    expect(open({ ...answer.headers, signature: [signature!, signature!] })).toBe('malformed')
    expect(open({ ...answer.headers, signature: `${signature}, ${signature}` })).toBe('malformed')
    expect(open({ ...answer.headers, 'signature-input': input!.replace(node.id, client.id) })).toBe('wrong_sender')
    const other = await accepted({ headers: request({ recipient: stranger.document }).headers }, { identity: stranger })
    expect(reason(sent.responses.open({ status: 200, ...other.responses.seal({ status: 200, body: bytes }) }))).toBe(
      'wrong_sender',
    )
    expect(received.senderId).toBe(client.id)
  })

  it('is refused in the clear, even when it is signed', async () => {
    const { sent, received } = await exchange()
    const headers = received.responses.sign({ status: 200, contentType: 'application/json', digest: contentDigest(bytes) })
    expect(reason(sent.responses.open({ status: 200, headers, body: bytes }))).toBe('not_sealed')
    const lie = received.responses.sign({
      status: 200,
      contentType: 'application/vnd.flotta.sealed',
      digest: contentDigest(bytes),
    })
    expect(reason(sent.responses.open({ status: 200, headers: lie, body: bytes }))).toBe('not_sealed')
  })

  it('cannot crash the requester with anything it holds', async () => {
    const { sent, answer } = await exchange()
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(answer.headers)),
        fc.oneof(fc.string(), fc.array(fc.string())),
        fc.uint8Array(),
        (name, value, body) => {
          expect(sent.responses.open({ status: 200, headers: { ...answer.headers, [name]: value }, body }).ok).toBe(false)
        },
      ),
    )
  })
})

describe('the head of a streamed response', () => {
  it('says type and digest of what follows, signed for this request', async () => {
    const { sent, received } = await exchange()
    const head = { status: 200, contentType: 'application/vnd.flotta.resource', digest: contentDigest(bytes) }
    const headers = received.responses.sign(head)
    const verdict = sent.responses.verifyHead({ status: 200, headers })
    expect(verdict).toMatchObject({ ok: true, contentType: head.contentType })
    expect(verdict.ok && contentDigest(bytes)).toBe(
      verdict.ok && `sha-256=:${Buffer.from(verdict.contentDigest).toString('base64')}:`,
    )
    expect(sent.responses.verifyHead({ status: 206, headers })).toEqual({ ok: false, reason: 'bad_signature' })
    const changed = { ...headers, 'content-digest': contentDigest(Buffer.from('other')) }
    expect(sent.responses.verifyHead({ status: 200, headers: changed })).toEqual({ ok: false, reason: 'bad_signature' })
    expect(request().responses.verifyHead({ status: 200, headers })).toEqual({ ok: false, reason: 'bad_signature' })
  })
})

describe('a stream of events', () => {
  async function stream(count: number) {
    const { sent, received } = await exchange()
    const sealer = received.responses.stream()
    const frames = Array.from({ length: count }, (_, i) => sealer.frame(Buffer.from(`event ${i}`)))
    return { sent, received, sealer, frames }
  }

  it('has a signed head, and frames that open in their order', async () => {
    const { sent, sealer, frames } = await stream(5)
    expect(sent.responses.verifyHead({ status: 200, headers: sealer.headers(200) })).toMatchObject({
      ok: true,
      contentType: 'text/event-stream',
    })
    const events = sent.responses.events()
    expect(frames.map((frame) => Buffer.from(events.open(frame)!).toString())).toEqual([0, 1, 2, 3, 4].map((i) => `event ${i}`))
    for (const frame of frames) expect(frame).toMatch(/^[A-Za-z0-9_-]+$/)
  })

  it('ends for the reader at the first frame that was left out, repeated, moved, changed or comes from elsewhere', async () => {
    const { sent, received, frames } = await stream(4)
    const [a, b, c, d] = frames as [string, string, string, string]
    const other = received.responses.stream()
    const foreign = [other.frame(Buffer.from('x')), other.frame(Buffer.from('event 1'))]
    const read = (order: string[]) => {
      const events = sent.responses.events()
      return order.map((frame) => events.open(frame)?.toString())
    }
    expect(read([a, c, b, d])).toEqual(['event 0', undefined, undefined, undefined])
    expect(read([a, a, b])).toEqual(['event 0', undefined, undefined])
    expect(read([b, a])).toEqual([undefined, undefined])
    expect(read([a, foreign[1]!])).toEqual(['event 0', undefined])
    expect(read(foreign)).toEqual(['x', 'event 1'])
    for (const bad of ['', '=', `${b}=`, `${b}A`, b.slice(1), `${b}\n`, 'ß'])
      expect(read([a, bad, b])).toEqual(['event 0', undefined, undefined])
    for (const changed of flips(a)) expect(read([changed])).toEqual([undefined])
  })

  it('opens for its own request alone', async () => {
    const { frames } = await stream(1)
    expect(request().responses.events().open(frames[0]!)).toBeUndefined()
  })

  it('never uses a key and a nonce twice, even when a request is answered by two streams', async () => {
    const { received } = await stream(0)
    const same = Buffer.from('same')
    const frames = Array.from({ length: 20 }, () => received.responses.stream().frame(same))
    expect(new Set(frames.map((frame) => Buffer.from(frame, 'base64url').subarray(32).toString('hex'))).size).toBe(20)
  })
})
