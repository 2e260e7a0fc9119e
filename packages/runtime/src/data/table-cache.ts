import type { DatasourceSource } from '../ports/datasource-source.ts'
import { ColumnCache } from './column-cache.ts'
import { dataError } from './data-error.ts'
import { openTable, type TableSettings } from './open-table.ts'
import { versionOf } from './sources/source-version.ts'
import type { Table } from './table.ts'

/**
 * Tables that stay open between jobs, so a source is read once as long as it does not change; the one that was used longest ago
 * goes first.
 */
export class TableCache {
  readonly #settings: TableSettings
  readonly #capacity: number
  readonly #columns: ColumnCache
  readonly #tables = new Map<string, Promise<Table>>()
  /** Those of which there is a better file by now. */
  readonly #replaced = new Set<string>()

  constructor(settings: TableSettings = {}, capacity = 4) {
    this.#settings = settings
    this.#capacity = capacity
    this.#columns = new ColumnCache(settings.columnsMb)
  }

  /** @throws {FlottaError} `datasource_unavailable`, `malformed_datasource` */
  async open(source: DatasourceSource): Promise<Table> {
    const key = versionOf(source)
    const known = this.#tables.get(key)
    this.#tables.delete(key)
    const table = known ?? openUnchanged(source, this.#settings, this.#columns)
    this.#tables.set(key, table)
    table.catch(() => this.#tables.delete(key))
    return table
  }

  /**
   * Stores what is in memory alone, in the background, and closes what is too much, or is to be opened anew; called between jobs, when no table is
   * in use, and nobody holds a column any more.
   */
  trim(): void {
    this.#columns.takeBack()
    for (const [key, table] of this.#tables) {
      const goes = this.#replaced.delete(key) || this.#tables.size > this.#capacity
      if (goes) this.#tables.delete(key)
      table.then((opened) => this.#improve(key, opened, goes)).catch(() => undefined)
    }
  }

  async #improve(key: string, table: Table, goes: boolean): Promise<void> {
    await table.keep()
    if (goes) await table.close()
    else if (table.isReplaced) this.#replaced.add(key)
  }
}

const ATTEMPTS = 3

/**
 * A table of one moment: a source that changes while it is read is read again.
 *
 * @throws {FlottaError} `datasource_unavailable` where it changes each time, and what reading throws
 */
async function openUnchanged(source: DatasourceSource, settings: TableSettings, columns: ColumnCache): Promise<Table> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const version = versionOf(source)
    const table = await openTable(source, settings, columns)
    if (versionOf(source) === version) return table
    await table.close()
  }
  throw dataError('datasource_unavailable', `the data source "${source.name}" is written to all the time`)
}
