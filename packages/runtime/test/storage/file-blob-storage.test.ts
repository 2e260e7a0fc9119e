import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { makeId } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFileBlobStorage } from '../../src/storage/file-blob-storage.ts'
import { blobStorageConformance } from '../../src/testing/blob-storage-conformance.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'flotta-blobs-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

blobStorageConformance('files', async () => {
  const folder = join(root, 'conformance')
  const blobs = await createFileBlobStorage(folder)
  return {
    blobs,
    async names() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => relative(folder, join(parentPath, name)))
    },
    clear: async () => {
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
})

describe('resources as files', () => {
  it('are readable by their owner alone', async () => {
    const blobs = await createFileBlobStorage(root)
    const [id, bytes] = [makeId('res', randomBytes(26)), randomBytes(10)]
    const digest = createHash('sha256').update(bytes).digest('hex')
    await blobs.write(id, Readable.from([bytes]), { digest, maxBytes: 100 })
    expect((await stat(join(root, id.slice(4, 6), id, digest))).mode & 0o077).toBe(0)
  })

  it('are not well where there is too little space', async () => {
    await expect((await createFileBlobStorage(root, 1e15)).check()).rejects.toThrow(/are free, fewer than/)
  })
})
