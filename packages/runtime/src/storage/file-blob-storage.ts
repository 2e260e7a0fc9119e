import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FlottaError, type ResourceId } from '@flotta/contract'
import type { BlobStorage } from '../ports/blob-storage.ts'
import { blobName, blobNamesBegin } from './blob-name.ts'
import { checkFolder } from './check-folder.ts'
import { checkedStream } from './checked-stream.ts'

/**
 * Blobs as files under a folder: `ab/res_…/<digest>`. A file is written under another name, flushed, and renamed, so a file
 * that has its name is whole; the folder is flushed too, so a rename survives a power cut.
 *
 * @param minimumFreeBytes free space below which it is not well
 */
export async function createFileBlobStorage(root: string, minimumFreeBytes = 0): Promise<BlobStorage> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const pathOf = (resourceId: ResourceId, digest: string) => join(root, blobName(resourceId, digest))
  return {
    async write(resourceId, source, expected) {
      const target = pathOf(resourceId, expected.digest)
      const temporary = `${target}.${randomBytes(6).toString('hex')}.part`
      const { stream, bytes } = checkedStream(source, expected)
      try {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 })
        await pipeline(stream, createWriteStream(temporary, { mode: 0o600, flush: true }))
        await rename(temporary, target)
        await flushFolder(dirname(target))
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw storageError(error)
      }
      return { digest: expected.digest, bytes: bytes() }
    },
    async find(resourceId, digest) {
      const found = await stat(pathOf(resourceId, digest)).catch(() => undefined)
      return found && { digest, bytes: found.size }
    },
    async read(resourceId, digest) {
      const handle = await open(pathOf(resourceId, digest)).catch(() => undefined)
      if (handle === undefined) throw new FlottaError('not_found')
      return handle.createReadStream()
    },
    async keepOnly(resourceId, digest) {
      const folder = join(root, blobNamesBegin(resourceId))
      const names = await readdir(folder).catch(() => [])
      await Promise.all(names.filter((name) => name !== digest).map((name) => rm(join(folder, name), { force: true })))
    },
    async remove(resourceId) {
      await rm(join(root, blobNamesBegin(resourceId)), { recursive: true, force: true })
    },
    check: () => checkFolder(root, minimumFreeBytes),
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function storageError(error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new FlottaError('storage_full', undefined, { cause: error })
  return error as Error
}
