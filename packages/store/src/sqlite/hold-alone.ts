import { resolve } from 'node:path'
import { FlottaError } from '@flotta/contract'
import Libsql from 'libsql'
import { databaseError } from '../database-error.ts'

/**
 * Keeps other processes from serving a node over the same file, until the answer is called or this process ends, however it ends: the
 * lock is the operating system's, on a file `<file>-serving` beside the database.
 *
 * @throws {FlottaError} `conflict` when another process holds it; `unavailable` when the file can't be made, as where there is no such folder
 */
export function holdAlone(file: string): () => void {
  const lock = openLock(`${resolve(file)}-serving`)
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

function openLock(file: string): Libsql.Database {
  try {
    return new Libsql(file)
  } catch (error) {
    throw databaseError(error)
  }
}
