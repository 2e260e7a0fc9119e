import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { FlottaError } from '@flotta/contract'
import Libsql from 'libsql'

/**
 * Takes a file as the sign that this process alone does something, until the answer is called or the process ends, however it ends: the
 * lock is the operating system's, on a SQLite file that holds nothing.
 *
 * @param otherwise what it says that another process holds it
 * @throws {FlottaError} `conflict` when another process holds it; `unavailable` when the file can't be made or locked
 */
export function holdAlone(file: string, otherwise: string): () => void {
  let lock: Libsql.Database | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    lock = new Libsql(file, { timeout: 0 })
    lock.exec('PRAGMA journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    const { code } = (cause ?? {}) as { code?: unknown }
    throw code === 'SQLITE_BUSY'
      ? new FlottaError('conflict', otherwise, { cause })
      : new FlottaError('unavailable', `The file ${file} can not be made or locked.`, { cause })
  }
  const held = lock
  return () => held.close()
}
