import type { Session } from '../database.ts'
import { Prisma } from '../generated/sqlite/client.ts'

/**
 * Makes the schema of the connection if it is absent, and keeps other processes from doing so until the transaction ends.
 *
 * The name comes from the connection's own setting, which was checked before it was set.
 */
export async function prepareSchema(session: Session): Promise<void> {
  const [row] = await session.$queryRaw<{ schema: string }[]>(Prisma.sql`SELECT current_setting('search_path') AS schema`)
  const schema = row?.schema ?? ''
  await session.$executeRaw(Prisma.sql`SELECT pg_advisory_xact_lock(hashtextextended(${`flotta migrates ${schema}`}, 0))`)
  const found = await session.$queryRaw<unknown[]>(Prisma.sql`SELECT 1 AS one FROM pg_namespace WHERE nspname = ${schema}`)
  if (found.length === 0) await session.$executeRawUnsafe(`CREATE SCHEMA "${schema}"`)
}
