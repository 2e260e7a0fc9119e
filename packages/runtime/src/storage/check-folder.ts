import { constants } from 'node:fs'
import { access, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Answers how much space a folder has; rejects when it can't be written to, or has less than it should. */
export async function checkFolder(folder: string, minimumFreeBytes: number): Promise<string> {
  await access(folder, constants.W_OK)
  const probe = join(folder, `.probe-${process.pid}`)
  await writeFile(probe, 'probe', { mode: 0o600 })
  await rm(probe, { force: true })
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  if (freeBytes < minimumFreeBytes)
    throw new Error(`${megabytes(freeBytes)} are free, fewer than storage.minimum_free_mb (${megabytes(minimumFreeBytes)})`)
  return `${megabytes(freeBytes)} are free`
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 ** 2)} MB`
}
