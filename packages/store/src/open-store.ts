import { existsSync } from 'node:fs'
import type { Migrations, Store } from '@flotta/runtime/ports'
import { Artifacts } from './artifacts.ts'
import { Components } from './components.ts'
import type { Database } from './database.ts'
import type { DatabaseLocation } from './database-location.ts'
import { Datasources } from './datasources.ts'
import { Enrolments } from './enrolments.ts'
import { StoredInventory } from './inventory/stored-inventory.ts'
import { Jobs } from './jobs.ts'
import { migrate, migrationStatus, requireMigrated } from './migrate.ts'
import { belongsTo } from './own-node.ts'
import { openPostgresql } from './postgresql/open-postgresql.ts'
import { Projects } from './projects.ts'
import { holdAlone } from './sqlite/hold-alone.ts'
import { openMemory, openSqlite } from './sqlite/open-sqlite.ts'

export interface StoreOptions {
  readonly database: DatabaseLocation
  /** Whether to bring the tables up to date; if not, a database that is behind is refused. Default true. */
  readonly migrate?: boolean
  /** Whether this process is to serve a node: over a SQLite file no other one may at the same time. Default false. */
  readonly serving?: boolean
}

/**
 * Opens the store of a node; dispose it to close the database.
 *
 * @throws {FlottaError} `unavailable` when the database can't be reached; `version_mismatch` when it is behind, was made by a newer
 * version or was migrated by other files than these; `storage_full` when there is no space for it; `conflict` when another process serves a
 * node over the same SQLite file
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { database: location, serving = false } = options
  const release = serving && location.kind === 'sqlite' ? holdAlone(location.file) : () => undefined
  try {
    const database = await openDatabase(location)
    try {
      await ((options.migrate ?? true) ? migrate(database) : requireMigrated(database))
      await database.continueTime()
    } catch (error) {
      await database.close()
      throw error
    }
    return storeOn(database, release)
  } catch (error) {
    release()
    throw error
  }
}

/**
 * Which migrations a database has and lacks; nothing is changed. A SQLite file that is not there is not made.
 *
 * @throws {FlottaError} `unavailable` when the database can't be reached
 */
export async function databaseStatus(location: DatabaseLocation): Promise<Migrations> {
  const absent = location.kind === 'sqlite' && !existsSync(location.file)
  const database = await (absent ? openMemory() : openDatabase(location))
  try {
    return await migrationStatus(database)
  } finally {
    await database.close()
  }
}

function openDatabase(location: DatabaseLocation): Promise<Database> {
  switch (location.kind) {
    case 'memory':
      return openMemory()
    case 'sqlite':
      return openSqlite(location.file)
    case 'postgresql':
      return openPostgresql(location)
    default:
      return location satisfies never
  }
}

function storeOn(database: Database, release: () => void): Store {
  return {
    components: new Components(database),
    enrolments: new Enrolments(database),
    projects: new Projects(database),
    datasources: new Datasources(database),
    artifacts: new Artifacts(database),
    jobs: new Jobs(database),
    inventory: new StoredInventory(database),
    replicas: database.replicas,
    belongsTo: (nodeId) => belongsTo(database, nodeId),
    ping: () => database.nowMs().then(() => undefined),
    nowMs: () => database.nowMs(),
    migrations: () => migrationStatus(database),
    [Symbol.asyncDispose]: () => database.close().finally(release),
  }
}
