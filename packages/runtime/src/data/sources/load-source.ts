import type { DuckDBConnection } from '@duckdb/node-api'
import { toError } from '@flotta/contract'
import type { DatasourceSource, SourceFile } from '../../ports/datasource-source.ts'
import { isOutOfMemory, outOfMemory } from '../data-error.ts'
import type { EngineLimits } from '../engine.ts'
import { loadDelimited } from './load-delimited.ts'
import { loadJsonLines } from './load-json-lines.ts'
import { loadParquet } from './load-parquet.ts'
import { loadPostgresql } from './load-postgresql.ts'
import { loadSqlite } from './load-sqlite.ts'

/**
 * Reads a source, wherever it is, into the table `data`: from there on all are the same.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`, `out_of_memory`; the cause is for the log of this machine
 */
export async function loadSource(connection: DuckDBConnection, source: DatasourceSource, limits: EngineLimits): Promise<void> {
  try {
    await load(connection, source, limits)
  } catch (error) {
    const { message } = toError(error)
    throw isOutOfMemory(message) ? outOfMemory(source.name, message) : error
  }
}

function load(connection: DuckDBConnection, source: DatasourceSource, limits: EngineLimits): Promise<void> {
  switch (source.kind) {
    case 'file':
      return loadFile(connection, source, limits)
    case 'sqlite':
      return loadSqlite(connection, source)
    case 'postgresql':
      return loadPostgresql(connection, source)
    default:
      return source satisfies never
  }
}

function loadFile(connection: DuckDBConnection, file: SourceFile, limits: EngineLimits): Promise<void> {
  switch (file.format) {
    case 'csv':
    case 'tsv':
      return loadDelimited(connection, file, limits)
    case 'jsonl':
      return loadJsonLines(connection, file)
    case 'parquet':
      return loadParquet(connection, file)
    default:
      return file satisfies never
  }
}
