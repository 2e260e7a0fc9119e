// Prisma's schema engine in its WebAssembly build: it compares models and databases without a download.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg'
import { schemaOf } from './dialects.mjs'

const requireOfAdapter = createRequire(createRequire(import.meta.url).resolve('@prisma/adapter-libsql'))
const { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } = requireOfAdapter('@prisma/driver-adapter-utils')

// Node does not import .wasm files by itself.
const wasm = readFileSync(new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm')))
const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engineModule })
engineModule.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

/**
 * SQL that leads from the earlier migrations to the model; a comment alone when they agree.
 *
 * `adapter` reaches an empty database, in which the engine plays the migrations.
 */
export async function differenceToModel(dialect, migrations, adapter) {
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[`${dialect}.prisma`, schemaOf(dialect)]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(scratch(adapter)),
  )
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...listOf(dialect, migrations) },
      to: { tag: 'schemaDatamodel', files: [{ path: `${dialect}.prisma`, content: schemaOf(dialect) }] },
      script: true,
      shadowDatabaseUrl: null,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout ?? ''
  } finally {
    engine.free()
  }
}

/** The adapter's database as the engine can use it: the place where migrations are played and looked at. */
function scratch(adapter) {
  const connect = async () => {
    const connection = await adapter.connect()
    if (adapter.provider === 'sqlite') runWholeScripts(connection)
    else readCharacters(connection)
    return connection
  }
  return { provider: adapter.provider, adapterName: adapter.adapterName, connect, connectToShadowDb: connect }
}

/** The engine sends a whole migration as one statement, of which SQLite would run the first alone. */
function runWholeScripts(connection) {
  const executeRaw = connection.executeRaw.bind(connection)
  connection.executeRaw = (query) =>
    query.args.length > 0 ? executeRaw(query) : connection.executeScript(query.sql).then(() => 0)
}

/** The adapter does not know the one-byte "char" of PostgreSQL's catalogue, which the engine reads as a character. */
function readCharacters(connection) {
  const pool = connection.underlyingDriver()
  const query = pool.query.bind(pool)
  const queryRaw = connection.queryRaw.bind(connection)
  let characters = []
  pool.query = async (config) => {
    const result = await query(config)
    characters = (result.fields ?? []).filter((field) => field.dataTypeID === 18)
    for (const field of characters) field.dataTypeID = 25
    return result
  }
  connection.queryRaw = async (sql) => {
    const result = await queryRaw(sql)
    for (const { name } of characters) result.columnTypes[result.columnNames.indexOf(name)] = ColumnTypeEnum.Character
    return result
  }
}

function listOf(dialect, migrations) {
  return {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: `provider = "${dialect}"` },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}
