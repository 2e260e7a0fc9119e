import type { Config } from '@flotta/config'
import type { DatabaseLocation } from '@flotta/store'

/** The configured database, as the store takes it. */
export function databaseOf(database: Config['database']): DatabaseLocation {
  if (database.kind !== 'postgresql') return database
  const { kind, host, port, username, password, database: name, schema } = database
  return { kind, host, port, username, database: name, schema, password: () => password.reveal() }
}
