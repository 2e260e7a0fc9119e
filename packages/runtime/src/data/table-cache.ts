import { statSync } from 'node:fs'
import type { DatasourceFile } from '../ports/task-executor.ts'
import { dataError } from './data-error.ts'
import { Table } from './table.ts'

/**
 * Tables that stay open between jobs, so a file is read once as long as it does not change; the one that was used longest ago
 * goes first.
 */
export class TableCache {
  readonly #capacity: number
  readonly #tables = new Map<string, Promise<Table>>()

  constructor(capacity = 4) {
    this.#capacity = capacity
  }

  /** @throws {FlottaError} `datasource_unavailable`, `malformed_datasource` */
  async open(file: DatasourceFile): Promise<Table> {
    const key = versionOf(file)
    const known = this.#tables.get(key)
    this.#tables.delete(key)
    const table = known ?? Table.open(file)
    this.#tables.set(key, table)
    table.catch(() => this.#tables.delete(key))
    return table
  }

  /** Closes what is too much; called between jobs, when no table is in use. */
  trim(): void {
    for (const [key, table] of this.#tables) {
      if (this.#tables.size <= this.#capacity) return
      this.#tables.delete(key)
      void table.then(
        (opened) => opened.close(),
        () => undefined,
      )
    }
  }
}

function versionOf({ path, format }: DatasourceFile): string {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${format} ${size} ${mtimeMs} ${ino} ${path}`
  } catch (error) {
    throw dataError('datasource_unavailable', `${path} can not be read: ${(error as Error).message}`)
  }
}
