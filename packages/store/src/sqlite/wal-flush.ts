import { type FileHandle, open } from 'node:fs/promises'
import { Batcher } from '../batcher.ts'
import { databaseError } from '../database-error.ts'

/**
 * Flushes the write-ahead log of a SQLite file by a thread of its own: a connection with `synchronous = FULL` does the same within its COMMIT, and
 * keeps the process from everything else meanwhile. Whoever asks while a flush is under way shares the next one.
 */
export class WalFlush {
  readonly #path: string
  readonly #flushes = new Batcher<'log', void, void>({
    answer: (all) => this.#flush().then(() => all),
    mostAtOnce: Number.POSITIVE_INFINITY,
  })
  #log: FileHandle | undefined

  constructor(database: string) {
    this.#path = `${database}-wal`
  }

  /** Resolves when everything that was committed before survives a power cut. @throws {FlottaError} `unavailable`, `storage_full` */
  flush(): Promise<void> {
    return this.#flushes.ask('log', undefined)
  }

  async close(): Promise<void> {
    await this.#log?.close()
  }

  async #flush(): Promise<void> {
    try {
      // The log stays the same file for as long as a connection is open; flushing takes the right to write on some systems.
      this.#log ??= await open(this.#path, 'r+')
      await this.#log.datasync()
    } catch (error) {
      throw databaseError(error)
    }
  }
}
