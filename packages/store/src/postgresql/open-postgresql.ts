import { FlottaError } from '@flotta/contract'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Database } from '../database.ts'
import type { PostgresqlLocation } from '../database-location.ts'
import { postgresqlDialect } from '../dialect.ts'
import { PrismaClient } from '../generated/postgresql/client.ts'
import type { PrismaClient as CommonClient } from '../generated/sqlite/client.ts'
import { pooledStatements } from './pooled-statements.ts'

const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 10_000
const STATEMENT_TIMEOUT_MS = 30_000
const TRANSACTION_TIMEOUT_MS = 60_000

/** PostgreSQL's own limits of a name that needs no quotes; it goes into a setting of the connection. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

/** A database on a server, where several node processes may share it. Connections are made when they are needed. */
export async function openPostgresql(location: PostgresqlLocation): Promise<Database> {
  const { host, port, username, password, database, schema } = location
  if (!SCHEMA_NAME.test(schema)) {
    throw new FlottaError(
      'unavailable',
      'The name of the database schema may hold a-z, 0-9 and _ only, at most 63, and no digit first.',
    )
  }
  const pool = new pg.Pool({
    host,
    port,
    user: username,
    password,
    database,
    application_name: 'flotta',
    options: `-c search_path=${schema}`,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  })
  const adapter = new PrismaPg(pool, { schema })
  const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS }
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' })
  return new Database({
    // Both clients are made from one model, and differ in nothing that the store calls.
    client: client as unknown as CommonClient,
    direct: pooledStatements(pool),
    dialect: postgresqlDialect,
    admit: (work) => work(),
    afterClose: async () => undefined,
  })
}
