import type { InventoryCounts } from '@flotta/runtime/ports'
import type { Session } from '../database.ts'
import { Prisma } from '../generated/sqlite/client.ts'

interface CountRow {
  readonly name: string
  readonly n: bigint | number
}

export async function counts(session: Session): Promise<InventoryCounts> {
  const ask = async (sql: Prisma.Sql) =>
    Object.fromEntries((await session.$queryRaw<CountRow[]>(sql)).map(({ name, n }) => [name, Number(n)]))
  return {
    artifacts: await ask(Prisma.sql`SELECT status AS name, COUNT(*) AS n FROM artifact GROUP BY status`),
    jobs: await ask(Prisma.sql`SELECT status AS name, COUNT(*) AS n FROM job GROUP BY status`),
    components: await ask(Prisma.sql`SELECT kind AS name, COUNT(*) AS n FROM component WHERE state = 'active' GROUP BY kind`),
  }
}
