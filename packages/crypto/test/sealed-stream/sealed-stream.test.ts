import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateIdentity, openBytes, openStream, SealedStreamError, sealBytes, sealStream } from '../../src/index.ts'
import { flipBit } from '../hex.ts'

const CHUNK = 64 * 1024
const [me, other] = [generateIdentity(), generateIdentity()]
const options = { recipients: [me.document], contentType: 'application/vnd.flotta.tensors', context: 'res_1' }
const mine = { identity: me, context: 'res_1' }
const headerBytes = 4 + 2 + options.contentType.length + 2 + 110

function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff
  return bytes
}

function problem(bytes: Uint8Array, open = mine): string | undefined {
  try {
    openBytes(open, bytes)
    return undefined
  } catch (error) {
    if (error instanceof SealedStreamError) return error.code
    throw error
  }
}

async function through(transform: Transform, pieces: Iterable<Uint8Array>): Promise<Buffer> {
  const received: Buffer[] = []
  await pipeline(Readable.from(pieces), transform, async (source: AsyncIterable<Buffer>) => {
    for await (const piece of source) received.push(piece)
  })
  return Buffer.concat(received)
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const lengths = [0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1, 3 * CHUNK, 3 * CHUNK + 5]

describe('a sealed stream', () => {
  it.each(lengths)('gives back %i bytes, with their type', (length) => {
    const plaintext = pattern(length)
    const sealed = sealBytes(options, plaintext)
    const chunks = Math.max(1, Math.ceil(length / CHUNK))
    expect(sealed.length).toBe(headerBytes + length + 16 * chunks)
    expect(openBytes(mine, sealed)).toEqual({ contentType: options.contentType, bytes: plaintext })
  })

  it('is the same however it is cut into pieces on its way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...lengths),
        fc.integer({ min: 1000, max: 200_000 }),
        fc.integer({ min: 500, max: 200_000 }),
        async (length, size, arrival) => {
          const plaintext = pattern(length)
          const sealed = await through(sealStream(options), cut(plaintext, size))
          const opening = openStream(mine)
          expect(opening.contentType).toBeUndefined()
          expect((await through(opening, cut(sealed, arrival))).equals(plaintext)).toBe(true)
          expect(opening.contentType).toBe(options.contentType)
          expect(openBytes(mine, sealed).bytes).toEqual(plaintext)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('may arrive byte by byte', async () => {
    const plaintext = pattern(300)
    expect(await through(openStream(mine), cut(sealBytes(options, plaintext), 1))).toEqual(plaintext)
  })

  it('opens for each of its recipients and for nobody else (E6)', () => {
    const people = Array.from({ length: 10 }, () => generateIdentity())
    const sealed = sealBytes({ ...options, recipients: people.map(({ document }) => document) }, pattern(10))
    for (const identity of people) expect(openBytes({ ...mine, identity }, sealed).bytes).toEqual(pattern(10))
    expect(problem(sealed)).toBe('not_a_recipient')
  })

  it('opens under its own context alone', () => {
    const sealed = sealBytes(options, pattern(10))
    expect(problem(sealed, { ...mine, context: 'res_2' })).toBe('wrong_key')
    expect(problem(sealed, { ...mine, context: '' })).toBe('wrong_key')
  })

  it('has 1 to 1024 proven recipients and a printable content type', () => {
    const many = (count: number) => ({ ...options, recipients: Array.from({ length: count }, () => me.document) })
    expect(() => sealBytes(many(0), pattern(1))).toThrow(RangeError)
    expect(() => sealBytes(many(1025), pattern(1))).toThrow(RangeError)
    expect(openBytes(mine, sealBytes(many(1024), pattern(1))).bytes).toEqual(pattern(1))
    expect(() => sealBytes({ ...options, recipients: [{ ...me.document, id: other.id }] }, pattern(1))).toThrow(TypeError)
    for (const contentType of ['', 'a\nb', 'ß', 'x'.repeat(256)])
      expect(() => sealBytes({ ...options, contentType }, pattern(1))).toThrow(RangeError)
  })

  it('holds none of its plaintext, and is never the same twice', () => {
    const [a, b] = [sealBytes(options, Buffer.alloc(1000, 'secret')), sealBytes(options, Buffer.alloc(1000, 'secret'))]
    expect(Buffer.from(a).includes('secret')).toBe(false)
    expect(Buffer.from(a).subarray(headerBytes)).not.toEqual(Buffer.from(b).subarray(headerBytes))
  })
})

describe('a sealed stream that was touched', () => {
  const plaintext = pattern(3 * CHUNK + 100)
  const sealed = Buffer.from(sealBytes(options, plaintext))
  const chunk = (i: number) => sealed.subarray(headerBytes + i * (CHUNK + 16), headerBytes + (i + 1) * (CHUNK + 16))
  const header = sealed.subarray(0, headerBytes)
  const [first, second, third, last] = [chunk(0), chunk(1), chunk(2), chunk(3)]
  const join = (...parts: Buffer[]) => Buffer.concat(parts)

  it('is refused with any one bit of a small stream changed (A11)', () => {
    const small = Buffer.from(sealBytes(options, pattern(20)))
    for (let bit = 0; bit < small.length * 8; bit++) expect(problem(flipBit(small, bit)), `bit ${bit}`).toBeDefined()
  })

  it('is refused when it ends early, at every byte of a small stream and at every chunk of a long one', () => {
    const small = Buffer.from(sealBytes(options, pattern(20)))
    for (let length = 0; length < small.length; length++) expect(problem(small.subarray(0, length))).toMatch(/truncated|corrupt/)
    expect(problem(join(header, first, second, third))).toBe('truncated')
    expect(problem(join(header, first))).toBe('truncated')
    expect(problem(header)).toBe('truncated')
    expect(problem(join(header, first, second, third, last.subarray(0, -1)))).toBe('corrupt')
  })

  it('is refused when chunks are moved, repeated, left out or added', () => {
    expect(problem(join(header, second, first, third, last))).toBe('corrupt')
    expect(problem(join(header, first, first, second, third, last))).toBe('corrupt')
    expect(problem(join(header, first, third, last))).toBe('corrupt')
    expect(problem(join(header, first, second, third, last, last))).toBe('corrupt')
    expect(problem(join(header, first, second, third, last, Buffer.alloc(1)))).toBe('corrupt')
    expect(problem(join(header, last))).toBe('corrupt')
    const full = Buffer.from(sealBytes(options, pattern(CHUNK)))
    expect(problem(join(full, Buffer.alloc(16)))).toBe('corrupt')
    expect(problem(join(full, full.subarray(headerBytes)))).toBe('corrupt')
  })

  it('is refused with the header or the chunks of another stream, even of the same sender', () => {
    const twin = Buffer.from(sealBytes(options, plaintext))
    expect(problem(join(twin.subarray(0, headerBytes), first, second, third, last))).toBe('corrupt')
    expect(problem(join(header, twin.subarray(headerBytes)))).toBe('corrupt')
  })

  it('is refused under another type or with a recipient taken out, though the content key is right', () => {
    const retyped = Buffer.from(sealed)
    retyped[6]! ^= 1
    expect(problem(retyped)).toBe('corrupt')
    const two = Buffer.from(sealBytes({ ...options, recipients: [me.document, other.document] }, pattern(5)))
    const shorter = join(two.subarray(0, headerBytes), two.subarray(headerBytes + 110))
    shorter[6 + options.contentType.length + 1] = 1
    expect(problem(shorter)).toBe('corrupt')
  })

  it('says what is wrong at the beginning', () => {
    const change = (at: number, value: number) => {
      const copy = Buffer.from(sealed)
      copy[at] = value
      return copy
    }
    expect(problem(Buffer.from('{"json":true}'))).toBe('not_sealed')
    expect(problem(change(0, 0x47))).toBe('not_sealed')
    expect(problem(change(4, 2))).toBe('unsupported')
    expect(problem(change(5, 0))).toBe('malformed')
    expect(problem(change(6, 0x0a))).toBe('malformed')
    const countAt = 6 + options.contentType.length
    expect(problem(change(countAt, 0xff))).toBe('malformed')
    expect(problem(change(countAt + 1, 0))).toBe('malformed')
  })

  it('gives an error in place of an end, and nothing of the chunk that fails', async () => {
    const broken = join(header, first, flipBit(second, 77), third, last)
    const opening = openStream(mine)
    const received: Buffer[] = []
    opening.on('data', (piece: Buffer) => received.push(piece))
    await expect(pipeline(Readable.from(cut(broken, 10_000)), opening)).rejects.toMatchObject({
      name: 'SealedStreamError',
      code: 'corrupt',
    })
    expect(plaintext.subarray(0, Buffer.concat(received).length)).toEqual(Buffer.concat(received))
    expect(Buffer.concat(received).length).toBeLessThanOrEqual(CHUNK)
  })

  it('cannot crash the reader whatever it holds', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => problem(bytes) !== undefined))
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => problem(Buffer.concat([header.subarray(0, 6), bytes])) !== undefined,
      ),
    )
  })
})

describe('the memory of a sealed stream', () => {
  it('does not grow with its length: at most a few chunks are between its ends', async () => {
    const piece = pattern(CHUNK)
    const pieces = 800
    let [produced, peak, consumed] = [0, 0, 0]
    function* source() {
      for (; produced < pieces; produced++) yield piece
    }
    await pipeline(
      Readable.from(source(), { highWaterMark: 1 }),
      sealStream(options),
      openStream(mine),
      async (opened: AsyncIterable<Buffer>) => {
        for await (const part of opened) {
          consumed += part.length
          peak = Math.max(peak, produced * CHUNK - consumed)
        }
      },
    )
    expect(consumed).toBe(pieces * CHUNK)
    expect(peak).toBeLessThanOrEqual(16 * CHUNK)
  })
})
