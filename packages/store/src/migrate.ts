import { FlottaError } from '@flotta/contract'
import type { Migrations } from '@flotta/runtime/ports'
import type { Database, Session } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { knownMigrations, type Migration } from './migrations.ts'
import { prepareSchema } from './postgresql/prepare-schema.ts'

interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** Brings the tables up to date: everything that is missing or nothing, and once, also when two processes start together. */
export async function migrate(database: Database): Promise<void> {
  const known = await knownMigrations(database.dialect)
  await database.transaction(async (session) => {
    if (database.dialect.name === 'postgresql') await prepareSchema(session)
    await session.$executeRaw(Prisma.sql`
      CREATE TABLE IF NOT EXISTS _migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at_ms BIGINT NOT NULL)`)
    const pending = pendingOf(known, await appliedTo(session))
    for (const migration of pending) await apply(session, database, migration)
  })
}

/** Refuses a database whose tables are not those of this version. */
export async function requireMigrated(database: Database): Promise<void> {
  const known = await knownMigrations(database.dialect)
  const applied = await appliedSoFar(database)
  const [missing] = pendingOf(known, applied)
  if (missing !== undefined) {
    throw new FlottaError(
      'version_mismatch',
      `The database lacks the migration ${missing.name}. Bring it up to date with: flotta db migrate`,
    )
  }
}

/** The state of a database, without changing it: what was applied, what is still to come, and what only another version knows. */
export async function migrationStatus(database: Database): Promise<Migrations> {
  const known = await knownMigrations(database.dialect)
  const applied = await appliedSoFar(database)
  const isKnown = ({ name, checksum }: AppliedMigration) =>
    known.some((migration) => migration.name === name && migration.checksum === checksum)
  const names = new Set(applied.map(({ name }) => name))
  return {
    applied: applied.filter(isKnown).map(({ name }) => name),
    pending: known.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    foreign: applied.filter((migration) => !isKnown(migration)).map(({ name }) => name),
  }
}

/** An empty database has no table of migrations yet. */
async function appliedSoFar(database: Database): Promise<AppliedMigration[]> {
  const table =
    database.dialect.name === 'sqlite'
      ? Prisma.sql`SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = '_migration'`
      : Prisma.sql`SELECT 1 AS one WHERE to_regclass('_migration') IS NOT NULL`
  const found = await database.query((session) => session.$queryRaw<unknown[]>(table))
  return found.length === 0 ? [] : database.query(appliedTo)
}

/** What was applied must be the beginning of what is known. */
function pendingOf(known: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] {
  for (const [i, { name, checksum }] of applied.entries()) {
    const expected = known[i]
    if (expected?.name !== name) {
      throw new FlottaError(
        'version_mismatch',
        `The database was made by another version: it has the migration ${name}, which this version does not know. Run the newer version, or restore a backup.`,
      )
    }
    if (expected.checksum !== checksum) {
      throw new FlottaError(
        'version_mismatch',
        `The migration ${name} of this version is not the one that the database was made with. Install an unchanged version.`,
      )
    }
  }
  return known.slice(applied.length)
}

function appliedTo(session: Session): Promise<AppliedMigration[]> {
  return session.$queryRaw<AppliedMigration[]>(Prisma.sql`SELECT name, checksum FROM _migration ORDER BY name`)
}

async function apply(session: Session, { dialect }: Database, { name, checksum, statements }: Migration): Promise<void> {
  for (const statement of statements) await session.$executeRawUnsafe(statement)
  await session.$executeRaw(Prisma.sql`
    INSERT INTO _migration (name, checksum, applied_at_ms) VALUES (${name}, ${checksum}, ${dialect.nowMs})`)
}
