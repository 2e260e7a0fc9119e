import { FlottaError } from '@flotta/contract'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Database } from '../database.ts'
import type { PostgresqlLocation } from '../database-location.ts'
import { postgresqlDialect } from '../dialect.ts'
import { PrismaClient } from '../generated/postgresql/client.ts'
import type { PrismaClient as CommonClient } from '../generated/sqlite/client.ts'
import { Channel } from './channel.ts'
import { CONNECT_TIMEOUT_MS, clientOptions } from './client-options.ts'
import { pooledStatements } from './pooled-statements.ts'
import { PostgresqlReplicas } from './replicas.ts'

const MAX_CONNECTIONS = 10
const TRANSACTION_TIMEOUT_MS = 60_000

/** PostgreSQL's own limits of a name that needs no quotes; it goes into a setting of the connection. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

/** A database on a server, where several node processes may share it. Connections are made when they are needed. */
export async function openPostgresql(location: PostgresqlLocation): Promise<Database> {
  const { schema } = location
  if (!SCHEMA_NAME.test(schema)) {
    throw new FlottaError(
      'unavailable',
      'The name of the database schema may hold a-z, 0-9 and _ only, at most 63, and no digit first.',
    )
  }
  const pool = new pg.Pool({
    ...clientOptions(location),
    max: MAX_CONNECTIONS,
    idle_in_transaction_session_timeout: TRANSACTION_TIMEOUT_MS,
  })
  const adapter = new PrismaPg(pool, { schema })
  const channel = new Channel(schema)
  const replicas = new PostgresqlReplicas(location, channel)
  const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS }
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' })
  return new Database({
    // Both clients are made from one model, and differ in nothing that the store calls.
    client: client as unknown as CommonClient,
    direct: pooledStatements(pool),
    dialect: postgresqlDialect(channel),
    admit: (work) => work(),
    replicas,
    afterClose: () => replicas.close(),
  })
}
