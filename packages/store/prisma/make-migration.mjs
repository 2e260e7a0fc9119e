// Writes the next migration of both databases, or says that there is nothing to do.
//
//   pnpm --filter @flotta/store make-migration <name>
//
// `<name>` becomes part of the file name: 0002_<name>.sql. A migration that was released is never changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'
import { startPostgres } from '../test/support/postgres.ts'
import { addColumnsInPlace } from './add-columns.mjs'
import { differenceToModel } from './schema-engine.mjs'

const name = process.argv[2]
if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  process.stderr.write('usage: pnpm --filter @flotta/store make-migration <name>\n')
  process.exit(2)
}

await write('sqlite', () => new PrismaLibSql({ url: ':memory:' }))
const server = await startPostgres()
try {
  const { host, port, username: user, password, database } = server
  await write('postgresql', () => new PrismaPg({ host, port, user, password, database }))
} finally {
  await server[Symbol.asyncDispose]()
}

async function write(dialect, newAdapter) {
  const folder = new URL(`../migrations/${dialect}/`, import.meta.url)
  mkdirSync(folder, { recursive: true })
  const earlier = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.sql'))
        .sort()
    : []
  const migrations = earlier.map((file) => ({ name: file.slice(0, -4), sql: readFileSync(new URL(file, folder), 'utf8') }))
  const sql = await differenceToModel(dialect, migrations, newAdapter())
  if (!/^\s*[^-\s]/m.test(sql)) return process.stdout.write(`${dialect}: the migrations equal the model\n`)
  const file = `${String(migrations.length + 1).padStart(4, '0')}_${name}.sql`
  writeFileSync(new URL(file, folder), dialect === 'sqlite' ? await inPlace(sql, migrations, newAdapter()) : sql)
  process.stdout.write(`${dialect}: ${file}\n`)
}

/** Columns added without making their tables anew, if that leads to the model too. */
async function inPlace(sql, migrations, adapter) {
  const candidate = addColumnsInPlace(sql, migrations.map((migration) => migration.sql).join('\n'))
  const rest = await differenceToModel('sqlite', [...migrations, { name: 'candidate', sql: candidate }], adapter)
  return /^\s*[^-\s]/m.test(rest) ? sql : candidate
}
