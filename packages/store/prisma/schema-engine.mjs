// Prisma's schema engine in its WebAssembly build: it compares models and databases without a download.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg'
import { schemaOf } from './dialects.mjs'

const requireOfAdapter = createRequire(createRequire(import.meta.url).resolve('@prisma/adapter-libsql'))
const { bindMigrationAwareSqlAdapterFactory } = requireOfAdapter('@prisma/driver-adapter-utils')

// Node does not import .wasm files by itself.
const wasm = readFileSync(new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm')))
const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engineModule })
engineModule.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

const filters = { externalTables: ['_migration'], externalEnums: [] }

/**
 * SQL that leads from the earlier migrations to the model; empty when they agree.
 *
 * `adapter` reaches a database where the engine may make and drop a scratch database, in which it plays the migrations.
 */
export async function differenceToModel(dialect, migrations, adapter) {
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[`${dialect}.prisma`, schemaOf(dialect)]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  try {
    const { stdout } = await engine.diff({
      from: migrations.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...listOf(dialect, migrations) },
      to: { tag: 'schemaDatamodel', files: [{ path: `${dialect}.prisma`, content: schemaOf(dialect) }] },
      script: true,
      shadowDatabaseUrl: null,
      exitCode: null,
      filters,
    })
    return stdout ?? ''
  } finally {
    engine.free()
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
