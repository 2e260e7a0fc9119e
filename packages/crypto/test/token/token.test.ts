import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkTokenProof,
  constantTimeEqual,
  createToken,
  proveToken,
  sha256Hex,
  tokenId,
  tokenVerifier,
} from '../../src/index.ts'

const context = { prover: 'cmp_prover', verifier: 'cmp_node', purpose: 'join' }

describe('a token', () => {
  it('is prefix, kind, 43 letters and a checksum that a scanner can test, and never the same twice', () => {
    const tokens = Array.from({ length: 200 }, () => createToken('project'))
    for (const token of tokens) {
      expect(token).toMatch(/^flt_project_[0-9A-Za-z]{43}_[0-9a-f]{8}$/)
      expect(Number.parseInt(token.slice(-8), 16)).toBe(crc32(token.slice(0, -9)))
    }
    expect(new Set(tokens).size).toBe(tokens.length)
    expect(new Set(tokens.join('').replaceAll('flt_project_', '')).size).toBe(63)
  })

  it('has a kind of lower-case letters', () => {
    for (const kind of ['', 'Project', 'a_b', 'a'.repeat(17)]) expect(() => createToken(kind)).toThrow(TypeError)
  })

  it('is known to a node by an id and a verifier of 32 bytes each, which do not show it (A4, A19)', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (token) => {
        expect(tokenId(token)).toMatch(/^[A-Za-z0-9_-]{43}$/)
        expect(tokenVerifier(token)).toMatch(/^[A-Za-z0-9_-]{43}$/)
        expect(tokenId(token)).not.toBe(tokenVerifier(token))
      }),
    )
    expect(() => tokenId('')).toThrow(TypeError)
    expect(() => tokenVerifier('')).toThrow(TypeError)
  })
})

describe('a proof of a token', () => {
  it('holds for its prover, its verifier and its purpose, whatever the token of the user', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), fc.string(), (token, prover, verifier, purpose) => {
        const { proof, tokenId: id } = proveToken(token, { prover, verifier, purpose })
        expect(id).toBe(tokenId(token))
        expect(checkTokenProof(tokenVerifier(token), proof, { prover, verifier, purpose })).toBe(true)
      }),
    )
  })

  it('holds for nothing else: another token, prover, verifier, purpose, or the same letters split elsewhere', () => {
    const token = createToken('project')
    const { proof } = proveToken(token, context)
    const verifier = tokenVerifier(token)
    expect(checkTokenProof(tokenVerifier(createToken('project')), proof, context)).toBe(false)
    for (const part of ['prover', 'verifier', 'purpose'] as const) {
      expect(checkTokenProof(verifier, proof, { ...context, [part]: `${context[part]}x` })).toBe(false)
    }
    expect(checkTokenProof(verifier, proof, { prover: 'cmp_provercmp_', verifier: 'node', purpose: 'join' })).toBe(false)
    expect(checkTokenProof(verifier, proof, { ...context, prover: context.verifier, verifier: context.prover })).toBe(false)
  })

  it('is refused, not thrown at, when it is malformed', () => {
    const verifier = tokenVerifier('t')
    const { proof } = proveToken('t', context)
    for (const bad of ['', proof.slice(1), `${proof}A`, `${proof}=`, 'ß', undefined as unknown as string]) {
      expect(checkTokenProof(verifier, bad, context)).toBe(false)
    }
  })
})

describe('comparing and hashing', () => {
  it('compares bytes and texts, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => constantTimeEqual(a, b) === Buffer.from(a).equals(Buffer.from(b))),
    )
    expect(constantTimeEqual('aé', 'aé')).toBe(true)
    expect(constantTimeEqual('a', 'ab')).toBe(false)
  })

  it('gives SHA-256 as FIPS 180-4 has it', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
