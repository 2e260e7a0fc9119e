import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { digestStream } from '@flotta/client-sdk/transport'
import { FlottaError, type ResourceId, resourceIdSchema } from '@flotta/contract'
import type { BlobStorage } from '../ports/blob-storage.ts'

/**
 * Blobs as files under a folder: `ab/res_…/<digest>`. A file is written under another name, flushed, and renamed, so a file
 * that has its name is whole; the folder is flushed too, so a rename survives a power cut.
 */
export async function createFileBlobStorage(root: string): Promise<BlobStorage> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  return {
    async write(resourceId, source, { digest, maxBytes }) {
      const target = blobPath(root, resourceId, digest)
      const temporary = `${target}.${randomBytes(6).toString('hex')}.part`
      const digested = digestStream()
      try {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 })
        await pipeline(source, limitBytes(maxBytes), digested, createWriteStream(temporary, { mode: 0o600, flush: true }))
        if (digested.hex() !== digest)
          throw new FlottaError('invalid_resource', 'A resource arrived damaged: it has not the digest that was announced.')
        await rename(temporary, target)
        await flushFolder(dirname(target))
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw storageError(error)
      }
      return { digest, bytes: digested.bytes() }
    },
    async find(resourceId, digest) {
      const found = await stat(blobPath(root, resourceId, digest)).catch(() => undefined)
      return found && { digest, bytes: found.size }
    },
    async read(resourceId, digest) {
      const handle = await open(blobPath(root, resourceId, digest)).catch(() => undefined)
      if (handle === undefined) throw new FlottaError('not_found')
      return handle.createReadStream()
    },
    async keepOnly(resourceId, digest) {
      const folder = dirname(blobPath(root, resourceId, digest))
      const names = await readdir(folder).catch(() => [])
      await Promise.all(names.filter((name) => name !== digest).map((name) => rm(join(folder, name), { force: true })))
    },
    async remove(resourceId) {
      await rm(resourceFolder(root, resourceId), { recursive: true, force: true })
    },
  }
}

/** Only ids and digests that we made ourselves become part of a path (A18). */
function blobPath(root: string, resourceId: ResourceId, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new FlottaError('not_found')
  return join(resourceFolder(root, resourceId), digest)
}

function resourceFolder(root: string, resourceId: ResourceId): string {
  if (!resourceIdSchema.safeParse(resourceId).success) throw new FlottaError('not_found')
  return join(root, resourceId.slice(4, 6), resourceId)
}

function limitBytes(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new FlottaError('payload_too_large', `A resource may have ${maxBytes} bytes here.`))
      else done(null, chunk)
    },
  })
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
