import { resolve } from 'node:path'
import { FlottaError } from '@flotta/contract'
import Libsql from 'libsql'

/**
 * Keeps other processes from serving a node over the same file, until the answer is called or this process ends, however it ends: the
 * lock is the operating system's, on a file `<file>-serving` beside the database.
 *
 * @throws {FlottaError} `conflict` when another process holds it
 */
export function holdAlone(file: string): () => void {
  const lock = new Libsql(`${resolve(file)}-serving`)
  try {
    lock.exec('PRAGMA journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new FlottaError(
      'conflict',
      'Another process serves a node over this SQLite database. SQLite is for one process; several processes that serve one node need a PostgreSQL.',
      { cause },
    )
  }
  return () => lock.close()
}
