import { createPrivateKey, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { httpbis } from 'http-message-signatures'
import { parseDictionary, parseItem } from 'structured-headers'
import { describe, expect, it } from 'vitest'
import { publicKeyFromRaw } from '../../src/identity/raw-key.ts'
import {
  contentDigest,
  createRequest,
  formatContentDigest,
  generateIdentity,
  parseContentDigest,
  verifyRequest,
} from '../../src/index.ts'
import { parseRequestInput } from '../../src/message-signature/request-signature.ts'
import { parseResponseInput } from '../../src/message-signature/response-signature.ts'
import { signatureBase, signatureParams } from '../../src/message-signature/signature-base.ts'
import { parseSignature } from '../../src/message-signature/signature-header.ts'

const [client, node] = [generateIdentity(), generateIdentity()]
const keyOf = (document: { signingKey: string }) => publicKeyFromRaw('Ed25519', Buffer.from(document.signingKey, 'base64url'))
const nowMs = 1_790_000_000_000
const target = { method: 'POST', path: '/task/result', query: '?wait=30&x=%20' }
const url = `http://node.example${target.path}${target.query}`
const request = createRequest({ sender: client, recipient: node.document, ...target, body: Buffer.from('{}'), nowMs })
const options = { identity: node, nowMs, clockSkewMs: 60_000, findKey: () => client.document, acceptNonce: () => true }

describe('the signature base', () => {
  it('gives the Ed25519 signature of RFC 9421, appendix B.2.6', () => {
    const key = createPrivateKey({
      key: {
        kty: 'OKP',
        crv: 'Ed25519',
        d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
        x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
      },
      format: 'jwk',
    })
    const base = signatureBase(
      [
        ['"date"', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['"@method"', 'POST'],
        ['"@path"', '/foo'],
        ['"@authority"', 'example.com'],
        ['"content-type"', 'application/json'],
        ['"content-length"', '18'],
      ],
      ';created=1618884473;keyid="test-key-ed25519"',
    )
    const published = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
    expect(sign(null, Buffer.from(base), key).toString('base64')).toBe(published)
  })

  it('is what http-message-signatures makes of our request: it verifies it, and no other', async () => {
    const verifyWith = (headers: Record<string, string>, at = url, method = target.method) =>
      httpbis.verifyMessage(
        {
          keyLookup: async () => ({ verify: async (data, signature) => verify(null, data, keyOf(client.document), signature) }),
          notAfter: new Date(nowMs + 1000),
          tolerance: 1e9,
        },
        { method, url: at, headers },
      )
    expect(await verifyWith(request.headers)).toBe(true)
    expect(await verifyWith(request.headers, `${url}&y`)).toBe(false)
    expect(await verifyWith(request.headers, url.replace('/task', '/node'))).toBe(false)
    expect(await verifyWith(request.headers, url, 'PUT')).toBe(false)
    for (const name of ['content-digest', 'content-type', 'flotta-recipient', 'flotta-sealed']) {
      expect(await verifyWith({ ...request.headers, [name]: `${request.headers[name]}x` })).toBe(false)
    }
  })

  it('is what http-message-signatures makes of our response, bound to its request', async () => {
    const verdict = await verifyRequest({ ...target, headers: request.headers }, options)
    if (!verdict.ok) throw new Error(verdict.reason)
    const answer = verdict.responses.seal({ status: 201, body: Buffer.from('[]') })
    const verifyWith = (status: number, requestHeaders: Record<string, string>) =>
      httpbis.verifyMessage(
        {
          keyLookup: async () => ({ verify: async (data, signature) => verify(null, data, keyOf(node.document), signature) }),
          notAfter: new Date(nowMs + 1000),
          tolerance: 1e9,
        },
        { status, headers: answer.headers },
        { method: target.method, url, headers: requestHeaders },
      )
    const other = createRequest({ sender: client, recipient: node.document, ...target, body: Buffer.from('{}'), nowMs })
    expect(await verifyWith(201, request.headers)).toBe(true)
    expect(await verifyWith(200, request.headers)).toBe(false)
    expect(await verifyWith(201, other.headers)).toBe(false)
  })

  it('accepts what http-message-signatures signs with our components and parameters', async () => {
    const { signature: _, 'signature-input': __, ...unsigned } = request.headers
    const signed = await httpbis.signMessage(
      {
        key: { id: client.id, alg: 'ed25519', sign: async (data) => Buffer.from(client.sign(data)) },
        name: 'sig1',
        fields: ['@method', '@path', '@query', 'content-digest', 'content-type', 'flotta-recipient', 'flotta-sealed'],
        params: ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'],
        paramValues: {
          created: new Date(nowMs),
          expires: new Date(nowMs + 60_000),
          nonce: Buffer.alloc(16, 1).toString('base64url'),
          tag: 'flotta-v1',
        },
      },
      { method: target.method, url, headers: unsigned },
    )
    const headers = Object.fromEntries(Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]))
    expect(await verifyRequest({ ...target, headers }, options)).toMatchObject({ ok: true })
  })
})

describe('the header values', () => {
  it('are structured fields (RFC 9651) that say what we mean', () => {
    const input = parseDictionary(request.headers['signature-input']!).get('sig1')!
    const names = (input[0] as unknown as [string, Map<string, unknown>][]).map(([name]) => name)
    expect(names).toEqual(['@method', '@path', '@query', 'content-digest', 'content-type', 'flotta-recipient', 'flotta-sealed'])
    const parameters = Object.fromEntries(input[1])
    expect(parameters).toMatchObject({
      created: nowMs / 1000,
      expires: nowMs / 1000 + 60,
      keyid: client.id,
      alg: 'ed25519',
      tag: 'flotta-v1',
    })
    expect(Buffer.from(parameters.nonce as string, 'base64url')).toHaveLength(16)
    const signature = parseDictionary(request.headers.signature!).get('sig1')![0] as ArrayBuffer
    expect(signature.byteLength).toBe(64)
    const digest = parseDictionary(request.headers['content-digest']!).get('sha-256')![0] as ArrayBuffer
    expect(Buffer.from(digest)).toEqual(Buffer.from(parseContentDigest(request.headers['content-digest']!)!))
    expect(parseItem(`"${request.headers['flotta-recipient']}"`)[0]).toBe(node.id)
  })

  it('are read in one form alone: what differs by a byte, in place, order or number, is refused', () => {
    const good = request.headers['signature-input']!
    expect(parseRequestInput(good, false)).toBeDefined()
    expect(parseRequestInput(good, true)).toBeUndefined()
    const list = good.slice(0, good.indexOf(')') + 1)
    const parameters = good.slice(list.length)
    const swap = parameters.replace(/;created=(\d+);expires=(\d+)/, ';expires=$2;created=$1')
    const variants = [
      '',
      ` ${good}`,
      `${good} `,
      `${good}\n`,
      `${good};x=1`,
      `${good}, ${good}`,
      `${good}, sig2=()`,
      good.replace('sig1', 'sig2'),
      good.replace('sig1=', 'sig1 ='),
      list + swap,
      `${list.replace('"@method" ', '')}${parameters}`,
      `${list.replace(')', ' "date")')}${parameters}`,
      `${list.replace('"@method" "@path"', '"@path" "@method"')}${parameters}`,
      `${list.replace('"@method"', '"@method";req')}${parameters}`,
      good.replace('ed25519', 'hmac-sha256'),
      good.replace('ed25519', 'ED25519'),
      good.replace(';alg="ed25519"', ''),
      good.replace('flotta-v1', 'flotta-v0'),
      good.replace(';tag="flotta-v1"', ''),
      good.replace(/;expires=\d+/, ''),
      good.replace(/expires=\d+/, `expires=${nowMs / 1000 + 61}`),
      good.replace(/expires=\d+/, `expires=${nowMs / 1000}`),
      good.replace(/expires=(\d+)/, 'expires=$1.0'),
      good.replace(/created=(\d+)/, 'created=+$1'),
      good.replace(/created=(\d+)/, 'created=0$1'),
      good.replace(/created=\d+/, 'created=9999999999999'),
      good.replace(/nonce="[^"]+"/, 'nonce=""'),
      good.replace(/nonce="([^"]+)"/, 'nonce="$1A"'),
      good.replace(/nonce="([^"]+)."/, 'nonce="$1B"'),
      good.replace(/keyid="cmp_/, 'keyid="cmp_A'),
      good.replace(/"@path"/, '"@path" '),
    ]
    for (const variant of variants) expect([variant, parseRequestInput(variant, false)]).toEqual([variant, undefined])
    fc.assert(
      fc.property(fc.string(), (text) => parseRequestInput(text, false) === undefined && parseResponseInput(text) === undefined),
    )
  })

  it('hold one signature of 64 bytes in canonical base64', () => {
    const good = request.headers.signature!
    expect(parseSignature(good)?.bytes).toHaveLength(64)
    const spareBits = good.replace(/.==:$/, (tail) => `${String.fromCharCode(tail.charCodeAt(0) + 1)}==:`)
    for (const bad of [
      '',
      ` ${good}`,
      `${good},`,
      `${good}, ${good}`,
      good.replace('sig1', 'sig2'),
      good.replace('==', ''),
      spareBits,
    ]) {
      expect(parseSignature(bad)).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), (bytes) => {
        const parsed = parseSignature(`sig1=:${Buffer.from(bytes).toString('base64')}:`)
        return bytes.length === 64
          ? parsed !== undefined && Buffer.from(parsed.bytes).equals(Buffer.from(bytes))
          : parsed === undefined
      }),
    )
  })

  it('name their covered components in the inner list', () => {
    expect(signatureParams(['"a"', '"b";req'], ';created=1')).toBe('("a" "b";req);created=1')
  })
})

describe('a content digest', () => {
  it('is that of RFC 9530 for the empty and a short body', () => {
    expect(contentDigest(new Uint8Array(0))).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:')
    expect(contentDigest(Buffer.from('{"hello": "world"}'))).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
  })

  it('comes back as its 32 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) =>
        Buffer.from(parseContentDigest(formatContentDigest(digest))!).equals(Buffer.from(digest)),
      ),
    )
  })

  it('is one SHA-256 and nothing else', () => {
    const good = contentDigest(new Uint8Array(0))
    const bad = [
      '',
      'sha-256=::',
      good.replace('256', '512'),
      `${good}, ${good}`,
      `${good};a`,
      good.toUpperCase(),
      good.replace('U=', 'V='),
      ` ${good}`,
    ]
    for (const text of bad) expect(parseContentDigest(text)).toBeUndefined()
  })
})
