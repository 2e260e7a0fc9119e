import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { makeId, type ResourceId } from '@flotta/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStorage } from '../../src/ports/blob-storage.ts'
import { createFileBlobStorage } from '../../src/storage/file-blob-storage.ts'

let root: string
let blobs: BlobStorage
const bytes = randomBytes(300_000)
const digest = createHash('sha256').update(bytes).digest('hex')
const newId = () => makeId('res', randomBytes(26))

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'flotta-blobs-'))
  blobs = await createFileBlobStorage(root)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const filesBelow = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name)

describe('file blob storage', () => {
  it('gives back what was written', async () => {
    const id = newId()
    expect(await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })).toEqual({ digest, bytes: bytes.length })
    expect(await blobs.find(id, digest)).toEqual({ digest, bytes: bytes.length })
    expect(Buffer.concat(await (await blobs.read(id, digest)).toArray()).equals(bytes)).toBe(true)
  })

  it('keeps nothing of an upload that is damaged, too large, or breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield bytes.subarray(0, 1000)
        throw new Error('connection lost')
      })(),
    )
    await expect(blobs.write(newId(), Readable.from([bytes.subarray(1)]), { digest, maxBytes: 1e6 })).rejects.toMatchObject({
      code: 'invalid_resource',
    })
    await expect(blobs.write(newId(), Readable.from([bytes]), { digest, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'payload_too_large',
    })
    await expect(blobs.write(newId(), broken, { digest, maxBytes: 1e6 })).rejects.toThrow('connection lost')
    expect(await filesBelow()).toEqual([])
  })

  it('a late upload never overwrites another; the others go once one is the result (E6)', async () => {
    const id = newId()
    const other = randomBytes(10)
    const otherDigest = createHash('sha256').update(other).digest('hex')
    await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })
    await blobs.write(id, Readable.from([other]), { digest: otherDigest, maxBytes: 1e6 })
    expect((await blobs.find(id, digest))?.bytes).toBe(bytes.length)
    await blobs.keepOnly(id, digest)
    expect(await filesBelow()).toEqual([digest])
  })

  it('only ids and digests become paths (A18)', async () => {
    for (const id of ['../../../../evil', 'res_../../x', '/etc/passwd'] as ResourceId[]) {
      await expect(blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })).rejects.toMatchObject({
        code: 'not_found',
      })
      await expect(blobs.read(id, digest)).rejects.toMatchObject({ code: 'not_found' })
    }
    await expect(blobs.read(newId(), '../x')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('files are readable by their owner alone', async () => {
    const id = newId()
    await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 1e6 })
    const file = join(root, id.slice(4, 6), id, digest)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })
})
