/**
 * The durable store of a flotta node, on SQLite or PostgreSQL.
 *
 * @packageDocumentation
 */
export type { DatabaseLocation, PostgresqlLocation } from './database-location.ts'
export { databaseStatus, openStore, type StoreOptions } from './open-store.ts'
