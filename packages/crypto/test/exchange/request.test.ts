import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setupSender } from '../../src/hpke/setup.ts'
import { contentDigest, encodeKeyDocument, generateIdentity, type HeaderMap, type Identity } from '../../src/index.ts'
import {
  formatRequestInput,
  type RequestParameters,
  requestSignatureBase,
} from '../../src/message-signature/request-signature.ts'
import { formatSignature, signatureMember } from '../../src/message-signature/signature-header.ts'
import { flipBit } from '../hex.ts'
import {
  accepted,
  body,
  client,
  clockSkewMs,
  flips,
  node,
  nowMs,
  reasonOf,
  request,
  stranger,
  target,
  verdictOf,
} from './parties.ts'

/** Signs whatever headers it is given, as a sender would that does not keep to the protocol. */
function resign(
  headers: HeaderMap,
  sender: Identity,
  parameters: Partial<RequestParameters> = {},
  method: string = target.method,
) {
  const created = nowMs / 1000
  const all = { created, expires: created + 60, nonce: Buffer.alloc(16).toString('base64url'), keyId: sender.id, ...parameters }
  const text = (name: string) => headers[name] as string
  const components = {
    ...target,
    method,
    contentDigest: text('content-digest'),
    contentType: text('content-type'),
    recipient: text('flotta-recipient'),
    sealed: text('flotta-sealed'),
    key: headers['flotta-key'] as string | undefined,
  }
  const signature = signatureMember(sender.sign(Buffer.from(requestSignatureBase(components, all))))
  const input = formatRequestInput(all, components.key !== undefined)
  return { ...headers, 'signature-input': input, signature: formatSignature(signature) }
}

describe('a request', () => {
  it('arrives as it was sent, whatever its body and target', async () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9._~%-]{0,20}$/)
    const query = fc.oneof(fc.constant(''), fc.stringMatching(/^\?[A-Za-z0-9=&%?/._-]{1,40}$/))
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), segment, query, method, async (bytes, part, search, verb) => {
        const at = { method: verb, path: `/${part}`, query: search }
        const sent = request({ ...at, body: bytes })
        const received = await accepted({ ...at, headers: sent.headers })
        expect(received.senderId).toBe(client.id)
        expect(received.sender).toEqual(client.document)
        expect(received.openBody(sent.body!)).toEqual(Buffer.from(bytes))
        expect(sent.body!.length).toBe(bytes.length + 16)
      }),
      { numRuns: 60 },
    )
  })

  it('may have no body', async () => {
    const sent = request({ method: 'GET', body: undefined })
    expect(sent.body).toBeUndefined()
    const received = await accepted({ method: 'GET', headers: sent.headers })
    expect(received.openBody(new Uint8Array(0))).toHaveLength(0)
    expect(received.openBody(Buffer.from('x'))).toBeUndefined()
  })

  it('shows nothing of its body, and never the same twice', () => {
    const texts = Array.from({ length: 5 }, () => {
      const sent = request()
      return Buffer.from(sent.body!).toString('latin1') + JSON.stringify(sent.headers)
    })
    expect(new Set(texts).size).toBe(5)
    for (const text of texts) expect(text).not.toContain('count')
  })

  it('is refused with any one bit of any header, of method, path or query changed (A10)', async () => {
    const sent = request({ introduce: true })
    for (const [name, value] of Object.entries(sent.headers)) {
      for (const changed of flips(value)) {
        expect(await reasonOf({ headers: { ...sent.headers, [name]: changed } }), `${name}: ${changed}`).toBeDefined()
      }
    }
    for (const part of ['method', 'path', 'query'] as const) {
      for (const changed of flips(target[part])) {
        expect(await reasonOf({ headers: sent.headers, [part]: changed }), `${part}: ${changed}`).toBeDefined()
      }
    }
  })

  it('is refused without any one of its headers, and with any one twice', async () => {
    const sent = request({ introduce: true })
    for (const [name, value] of Object.entries(sent.headers)) {
      const { [name]: _, ...rest } = sent.headers
      const unsigned = name.startsWith('signature')
      expect(await reasonOf({ headers: rest })).toBe(
        unsigned ? 'missing_signature' : name === 'flotta-recipient' ? 'wrong_recipient' : 'malformed',
      )
      expect(await reasonOf({ headers: { ...rest, [name]: [value, value] } })).toBeDefined()
      expect(await reasonOf({ headers: { ...rest, [name]: `${value}, ${value}` } })).toBeDefined()
    }
    expect(await reasonOf({ headers: {} })).toBe('missing_signature')
  })

  it('does not open with a body of which one bit differs (A11)', async () => {
    const sent = request()
    const received = await accepted({ headers: sent.headers })
    for (let bit = 0; bit < sent.body!.length * 8; bit++) expect(received.openBody(flipBit(sent.body!, bit))).toBeUndefined()
    expect(received.openBody(sent.body!.subarray(1))).toBeUndefined()
    expect(received.openBody(request().body!)).toBeUndefined()
    expect(received.openBody(body)).toBeUndefined()
    expect(received.openBody(sent.body!)).toEqual(body)
  })

  it('does not open with a sealed body that was moved from another target, even signed anew by its sender', async () => {
    const sent = request({ path: '/task/other' })
    const received = await accepted({ headers: resign(sent.headers, client) })
    expect(received.openBody(sent.body!)).toBeUndefined()
  })

  it('does not open when its sealed context was made for another sender: nobody passes off what he cannot read', async () => {
    const sent = request()
    const stolen = resign(sent.headers, stranger)
    const received = await accepted({ headers: stolen }, { findKey: () => stranger.document })
    expect(received.openBody(sent.body!)).toBeUndefined()
  })

  it('is not opened when its body is not sealed, even when it is signed', async () => {
    const plain = { ...request().headers, 'content-type': 'application/json', 'content-digest': contentDigest(body) }
    expect((await accepted({ headers: resign(plain, client) })).openBody(body)).toBeUndefined()
    const lie = { ...plain, 'content-type': 'application/vnd.flotta.sealed' }
    expect((await accepted({ headers: resign(lie, client) })).openBody(body)).toBeUndefined()
  })

  it('may announce a raw body by its digest, which is signed', async () => {
    const raw = { contentType: 'application/vnd.flotta.resource', digest: contentDigest(body) }
    const sent = request({ body: undefined, raw })
    expect(sent.body).toBeUndefined()
    const received = await accepted({ headers: sent.headers })
    expect(received.contentType).toBe(raw.contentType)
    expect(contentDigest(body)).toBe(`sha-256=:${Buffer.from(received.contentDigest).toString('base64')}:`)
    expect(received.openBody(body)).toBeUndefined()
  })

  it('is not made of what could be read in two ways', () => {
    const raw = { contentType: 'application/vnd.flotta.resource', digest: contentDigest(body) }
    const bad = [
      { path: 'task' },
      { path: '/a?b' },
      { path: '/a b' },
      { path: '/a\n' },
      { path: '/é' },
      { path: '/a#b' },
      { query: '?' },
      { query: 'a=b' },
      { query: '?a#b' },
      { query: '?a b' },
      { method: 'post' },
      { method: '' },
      { nonce: Buffer.alloc(15) },
      { raw },
      { body: undefined, raw: { ...raw, digest: 'sha-512=:AA==:' } },
      { body: undefined, raw: { ...raw, contentType: 'application/vnd.flotta.sealed' } },
      { body: undefined, raw: { ...raw, contentType: 'text/plain\r\nx: y' } },
      { recipient: { ...node.document, sealingKey: client.document.sealingKey } },
    ]
    for (const options of bad) expect(() => request(options), JSON.stringify(options)).toThrow(TypeError)
  })
})

describe('who may speak', () => {
  it('is refused when the request was meant for another component: neither forwarded nor reflected', async () => {
    const sent = request()
    expect(await reasonOf({ headers: sent.headers }, { identity: stranger })).toBe('wrong_recipient')
    expect(await reasonOf({ headers: sent.headers }, { identity: client })).toBe('wrong_recipient')
    const redirected = { ...sent.headers, 'flotta-recipient': stranger.id }
    expect(await reasonOf({ headers: redirected }, { identity: stranger })).toBe('bad_signature')
  })

  it('is refused when nobody knows the key, or the key is found under another id or does not prove itself', async () => {
    const { headers } = request()
    expect(await reasonOf({ headers }, { findKey: () => undefined })).toBe('unknown_key')
    expect(await reasonOf({ headers }, { findKey: async () => stranger.document })).toBe('unknown_key')
    const forged = { ...client.document, sealingKey: stranger.document.sealingKey }
    expect(await reasonOf({ headers }, { findKey: () => forged })).toBe('unknown_key')
  })

  it('is refused when another key signs under a known id', async () => {
    expect(await reasonOf({ headers: resign(request().headers, stranger, { keyId: client.id }) })).toBe('bad_signature')
  })

  it('may introduce itself, and only itself', async () => {
    const newcomer = generateIdentity()
    const { headers } = request({ sender: newcomer, introduce: true })
    const received = await accepted({ headers })
    expect(received).toMatchObject({ senderId: newcomer.id, introduced: true, sender: newcomer.document })
    expect((await accepted({ headers: request({ introduce: true }).headers })).introduced).toBe(false)
    const asOther = resign({ ...headers, 'flotta-key': encodeKeyDocument(stranger.document) }, newcomer)
    expect(await reasonOf({ headers: asOther })).toBe('unknown_key')
    const forClient = resign({ ...headers, 'flotta-key': encodeKeyDocument(newcomer.document) }, newcomer, { keyId: client.id })
    expect(await reasonOf({ headers: forClient })).toBe('bad_signature')
    const { 'flotta-key': _, ...bare } = headers
    expect(await reasonOf({ headers: bare })).toBe('malformed')
    const added = { ...request().headers, 'flotta-key': encodeKeyDocument(client.document) }
    expect(await reasonOf({ headers: added })).toBe('malformed')
  })

  it('does not weaken the exchange: 50 downgraded requests, of which none is accepted (A13)', async () => {
    const { headers } = request()
    const input = headers['signature-input']!
    const change = (name: string, value: string) => ({ ...headers, [name]: value })
    const inputs = [
      ...['none', 'hmac-sha256', 'rsa-pss-sha512', 'ecdsa-p256-sha256', 'rsa-v1_5-sha256', 'Ed25519', ''].map((alg) =>
        input.replace('ed25519', alg),
      ),
      ...['flotta-v0', 'flotta-v2', 'flotta', ''].map((tag) => input.replace('flotta-v1', tag)),
      ...[
        '"@method" ',
        '"@path" ',
        '"@query" ',
        '"content-digest" ',
        '"content-type" ',
        '"flotta-recipient" ',
        ' "flotta-sealed"',
      ].map((part) => input.replace(part, '')),
      ...[/;created=\d+/, /;expires=\d+/, /;nonce="[^"]+"/, /;keyid="[^"]+"/, /;alg="[^"]+"/, /;tag="[^"]+"/].map((part) =>
        input.replace(part, ''),
      ),
      ...['sig', 'sig2', 'proxy', 'SIG1'].map((label) => input.replace('sig1', label)),
      input.replace(/\(.*\)/, '()'),
      input.replace(/\(.*\)/, '("@method")'),
      input.replace(')', ' "date")'),
      input.replace(')', ' "flotta-key")'),
      `${input}, ${input.replace('sig1', 'sig2')}`,
    ].map((value) => change('signature-input', value))
    const others = [
      ...['', '0', '2', '1;', '2;', 'none', '1', '1;AAAA'].map((version) =>
        change('flotta-sealed', headers['flotta-sealed']!.replace(/^1;.*$/, version)),
      ),
      change('flotta-sealed', headers['flotta-sealed']!.replace('1;', '2;')),
      ...['application/json', 'text/plain', ''].map((type) => change('content-type', type)),
      ...['', 'md5=:AAAA:', 'sha-512=:AAAA:', `${headers['content-digest']}, md5=:AAAA:`].map((digest) =>
        change('content-digest', digest),
      ),
      change('signature', `${headers.signature}, sig2=${headers.signature!.slice(5)}`),
    ]
    expect(inputs.length + others.length).toBe(50)
    for (const variant of [...inputs, ...others])
      expect(await reasonOf({ headers: variant }), JSON.stringify(variant)).toBeDefined()
  })

  it('cannot crash the check with anything it sends', async () => {
    const { headers } = request()
    const name = fc.constantFrom(...Object.keys(headers), 'flotta-key')
    const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant('x'.repeat(5000)))
    await fc.assert(
      fc.asyncProperty(
        name,
        value,
        async (header, text) => (await verdictOf({ headers: { ...headers, [header]: text } })).ok === false,
      ),
    )
    const anything = { method: fc.string(), path: fc.string(), query: fc.string() }
    await fc.assert(fc.asyncProperty(fc.record(anything), async (at) => (await verdictOf({ headers, ...at })).ok === false))
  })

  it('is refused with an encapsulated key of low order, before its nonce is spent', async () => {
    const spent: string[] = []
    const low = { ...request().headers, 'flotta-sealed': `1;${Buffer.alloc(32).toString('base64url')}` }
    const options = { acceptNonce: (_: string, nonce: string) => spent.push(nonce) > 0 }
    expect(await reasonOf({ headers: resign(low, client) }, options)).toBe('malformed')
    expect(spent).toEqual([])
    expect(setupSender(Buffer.alloc(32), '')).toBeUndefined()
  })
})

describe('when it may speak', () => {
  it('is once: the nonce is offered for its key, for as long as the request could be accepted, and only at the end', async () => {
    const offered: [string, string, number][] = []
    const acceptNonce = (keyId: string, nonce: string, expiresMs: number) => {
      const isNew = !offered.some(([id, value]) => id === keyId && value === nonce)
      offered.push([keyId, nonce, expiresMs])
      return Promise.resolve(isNew)
    }
    const { headers } = request({ nonce: Buffer.alloc(16, 3) })
    const tampered = { ...headers, 'content-type': 'text/plain' }
    expect(await reasonOf({ headers: tampered }, { acceptNonce })).toBe('bad_signature')
    expect(await reasonOf({ headers }, { acceptNonce, nowMs: nowMs + 1e6 })).toBe('clock_skew')
    expect(offered).toEqual([])
    expect(await reasonOf({ headers }, { acceptNonce })).toBeUndefined()
    expect(await reasonOf({ headers }, { acceptNonce })).toBe('replayed')
    expect(offered[0]).toEqual([client.id, Buffer.alloc(16, 3).toString('base64url'), nowMs + 60_000 + clockSkewMs])
    expect(await reasonOf({ headers }, { nowMs: offered[0]![2] + 1 })).toBe('clock_skew')
  })

  it('is within 60 seconds and the tolerated skew, on both sides to the millisecond', async () => {
    const { headers } = request()
    const at = (differenceMs: number) => reasonOf({ headers }, { nowMs: nowMs + differenceMs })
    expect(await at(-clockSkewMs)).toBeUndefined()
    expect(await at(-clockSkewMs - 1)).toBe('clock_skew')
    expect(await at(60_000 + clockSkewMs)).toBeUndefined()
    expect(await at(60_000 + clockSkewMs + 1)).toBe('clock_skew')
  })

  it('is for as long as its sender says, when that is shorter', async () => {
    const created = nowMs / 1000
    const headers = resign(request().headers, client, { created, expires: created + 5 })
    expect(await reasonOf({ headers }, { nowMs: nowMs + 5_000 + clockSkewMs })).toBeUndefined()
    expect(await reasonOf({ headers }, { nowMs: nowMs + 5_001 + clockSkewMs })).toBe('expired')
    const long = resign(request().headers, client, { created, expires: created + 61 })
    expect(await reasonOf({ headers: long })).toBe('malformed')
  })

  it('hears of its clock, signed and sealed, only once it has proven who it is', async () => {
    const late = { nowMs: nowMs + 600_000 }
    const sent = request()
    const verdict = await verdictOf({ headers: sent.headers }, late)
    if (verdict.ok) throw new Error('accepted')
    expect(verdict.reason).toBe('clock_skew')
    const answer = verdict.responses!.seal({ status: 401, body: Buffer.from('your clock') })
    expect(sent.responses.open({ status: 401, ...answer })).toEqual({ ok: true, body: Buffer.from('your clock') })
    const forged = await verdictOf({ headers: resign(sent.headers, stranger, { keyId: client.id }) }, late)
    expect(forged).toEqual({ ok: false, reason: 'bad_signature' })
    const replayed = await verdictOf({ headers: sent.headers }, { acceptNonce: () => false })
    expect(replayed).toEqual({ ok: false, reason: 'replayed' })
  })

  it('lets a failing store of keys or nonces fail the request, instead of accepting it', async () => {
    const { headers } = request()
    const fail = () => Promise.reject(new Error('store'))
    await expect(verdictOf({ headers }, { findKey: fail })).rejects.toThrow('store')
    await expect(verdictOf({ headers }, { acceptNonce: fail })).rejects.toThrow('store')
  })
})
