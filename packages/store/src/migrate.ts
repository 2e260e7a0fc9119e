import { FlottaError } from '@flotta/contract'
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
  const applied = await database.query(appliedTo)
  const [missing] = pendingOf(known, applied)
  if (missing !== undefined) {
    throw new FlottaError('unavailable', `The database lacks the migration ${missing.name}. Let the store migrate it.`)
  }
}

/** What was applied must be the beginning of what is known. */
function pendingOf(known: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] {
  for (const [i, { name, checksum }] of applied.entries()) {
    const expected = known[i]
    if (expected?.name !== name) {
      throw new FlottaError(
        'unavailable',
        `The database was made by another version: it has the migration ${name}, which this version does not know. Run the newer version, or restore a backup.`,
      )
    }
    if (expected.checksum !== checksum) {
      throw new FlottaError(
        'unavailable',
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
