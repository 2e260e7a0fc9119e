import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { makeId, type ResourceId } from '@flotta/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStorage } from '../ports/blob-storage.ts'

/** Somewhere that resources are, empty at first. */
export interface OpenedBlobs extends AsyncDisposable {
  readonly blobs: BlobStorage
  /** Names of everything that is there, also of what the storage itself would not show. */
  names(): Promise<string[]>
  /** Takes everything away. */
  clear(): Promise<void>
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const newId = () => makeId('res', randomBytes(26))

/** Some megabytes of one kind, as a stream: what may not go through memory at once. */
function manyBytes(megabytes: number): { readonly digest: string; readonly bytes: number; stream(): Readable } {
  const chunk = Buffer.alloc(1024 ** 2, 7)
  const hash = createHash('sha256')
  for (let i = 0; i < megabytes; i++) hash.update(chunk)
  const chunks = function* () {
    for (let i = 0; i < megabytes; i++) yield chunk
  }
  return { digest: hash.digest('hex'), bytes: megabytes * chunk.length, stream: () => Readable.from(chunks()) }
}

/** Registers the rules that every `BlobStorage` keeps as tests of vitest. */
export function blobStorageConformance(name: string, open: () => Promise<OpenedBlobs>): void {
  describe(`blob storage conformance: ${name}`, () => {
    let opened: OpenedBlobs
    let blobs: BlobStorage
    beforeAll(async () => {
      opened = await open()
      blobs = opened.blobs
    })
    beforeEach(() => opened.clear())
    afterAll(() => opened?.[Symbol.asyncDispose]())
    const bytes = randomBytes(300_000)
    const digest = digestOf(bytes)

    it('gives back what was written', async () => {
      const id = newId()
      expect(await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })).toEqual({ digest, bytes: bytes.length })
      expect(await blobs.find(id, digest)).toEqual({ digest, bytes: bytes.length })
      expect(Buffer.concat(await (await blobs.read(id, digest)).toArray()).equals(bytes)).toBe(true)
    })

    it('gives back what was large, and what was empty', async () => {
      const [id, large, empty] = [newId(), manyBytes(20), Buffer.alloc(0)]
      await blobs.write(id, large.stream(), { digest: large.digest, maxBytes: 1e9 })
      expect((await blobs.find(id, large.digest))?.bytes).toBe(large.bytes)
      const hash = createHash('sha256')
      for await (const chunk of await blobs.read(id, large.digest)) hash.update(chunk as Buffer)
      expect(hash.digest('hex')).toBe(large.digest)
      await blobs.write(id, Readable.from([empty]), { digest: digestOf(empty), maxBytes: 1 })
      expect((await blobs.read(id, digestOf(empty)).then((stream) => stream.toArray())).length).toBe(0)
    })

    it('keeps nothing of an upload that is damaged, too large, or breaks off, be it short or long', async () => {
      const breaking = (before: Readable) =>
        Readable.from(
          (async function* () {
            yield* before
            throw new Error('connection lost')
          })(),
        )
      for (const whole of [() => Readable.from([bytes]), manyBytes(20).stream]) {
        const damaged = blobs.write(newId(), whole(), { digest: digestOf(Buffer.from('other')), maxBytes: 1e9 })
        await expect(damaged).rejects.toMatchObject({ code: 'invalid_resource' })
        const tooLarge = blobs.write(newId(), whole(), { digest, maxBytes: 1000 })
        await expect(tooLarge).rejects.toMatchObject({ code: 'payload_too_large' })
        await expect(blobs.write(newId(), breaking(whole()), { digest, maxBytes: 1e9 })).rejects.toThrow()
      }
      expect(await opened.names()).toEqual([])
    })

    it('a late upload never overwrites another; the others go once one is the result (E6)', async () => {
      const id = newId()
      const other = randomBytes(10)
      await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })
      await blobs.write(id, Readable.from([other]), { digest: digestOf(other), maxBytes: 1e6 })
      expect((await blobs.find(id, digest))?.bytes).toBe(bytes.length)
      await blobs.keepOnly(id, digest)
      expect(await opened.names()).toEqual([`${id.slice(4, 6)}/${id}/${digest}`])
    })

    it('removes every upload of one resource and nothing of others; again is the same as once', async () => {
      const [gone, stays] = [newId(), newId()]
      for (const id of [gone, stays]) await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })
      await blobs.remove(gone)
      await blobs.remove(gone)
      expect(await blobs.find(gone, digest)).toBeUndefined()
      await expect(blobs.read(gone, digest)).rejects.toMatchObject({ code: 'not_found' })
      expect(await opened.names()).toEqual([`${stays.slice(4, 6)}/${stays}/${digest}`])
    })

    it('only ids and digests become names (A18)', async () => {
      for (const id of ['../../../../evil', 'res_../../x', '/etc/passwd'] as ResourceId[]) {
        const writing = blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })
        await expect(writing).rejects.toMatchObject({ code: 'not_found' })
        await expect(blobs.read(id, digest)).rejects.toMatchObject({ code: 'not_found' })
      }
      await expect(blobs.read(newId(), '../x')).rejects.toMatchObject({ code: 'not_found' })
    })

    it('says that it is well', async () => {
      expect(await blobs.check()).toEqual(expect.any(String))
    })
  })
}
