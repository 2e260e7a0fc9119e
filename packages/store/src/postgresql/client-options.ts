import type { ClientConfig } from 'pg'
import type { PostgresqlLocation } from '../database-location.ts'

export const CONNECT_TIMEOUT_MS = 10_000

/** How this store connects. The name of the schema has been checked: it goes into a setting. */
export function clientOptions({
  host,
  port,
  username,
  password,
  database,
  schema,
  statementTimeoutMs = 30_000,
}: PostgresqlLocation) {
  return {
    host,
    port,
    user: username,
    password,
    database,
    application_name: 'flotta',
    options: `-c search_path=${schema}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    // Where something between drops a connection without a word, the server's own limit is never heard.
    query_timeout: statementTimeoutMs * 1.25,
    keepAlive: true,
  } satisfies ClientConfig
}
