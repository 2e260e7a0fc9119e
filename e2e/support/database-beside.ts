import { join } from 'node:path'
import type { Database } from '../../packages/store/src/database.ts'
import { openPostgresql } from '../../packages/store/src/postgresql/open-postgresql.ts'
import { openSqlite } from '../../packages/store/src/sqlite/open-sqlite.ts'
import type { TestPostgres } from '../../packages/store/test/support/postgres.ts'
import type { AppNetwork, Sections } from './app-network.ts'

/** What another process holds that the completion of a job needs. */
export interface Held extends AsyncDisposable {
  lock(): Promise<void>
  release(): Promise<void>
}

/** A database that a node's configuration names, and that a test can look into, and lock, beside the node. */
export interface DatabaseBeside {
  readonly section: Sections
  open(network: AppNetwork): Promise<Database>
  lockBarriers(network: AppNetwork): Promise<Held>
}

export const sqliteBeside: DatabaseBeside = databaseBeside(
  { dialect: 'sqlite', host: './node.db' },
  (network) => openSqlite(join(network.folder, 'node', 'node.db')),
  // Whatever is written holds the whole file.
  'UPDATE barrier SET arrived = arrived WHERE artifact_number < 0',
)

export function postgresBeside({ host, port, username, password, database }: TestPostgres): DatabaseBeside {
  const location = { kind: 'postgresql', host, port, username, password: () => password, database, schema: 'flotta' } as const
  return databaseBeside(
    { dialect: 'postgresql', host, port, username, password, name: database },
    () => openPostgresql(location),
    'LOCK TABLE barrier IN EXCLUSIVE MODE',
  )
}

function databaseBeside(section: Sections, open: DatabaseBeside['open'], lock: string): DatabaseBeside {
  return { section, open, lockBarriers: async (network) => held(await open(network), lock) }
}

function held(database: Database, statement: string): Held {
  let letGo = (): void => undefined
  let over = Promise.resolve()
  const release = async () => {
    letGo()
    await over
  }
  return {
    lock: () =>
      new Promise((locked, failed) => {
        over = database.transaction(async (session) => {
          await session.$executeRawUnsafe(statement)
          locked()
          await new Promise<void>((resolve) => {
            letGo = resolve
          })
        })
        over.catch(failed)
      }),
    release,
    async [Symbol.asyncDispose]() {
      await release()
      await database.close()
    },
  }
}
