import type { Dialect } from './dialect.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { listOf } from './list-of.ts'
import type { Statements } from './statements.ts'

/** Of a component `c`: members alone do work, neither who left, nor who is reached through a node that left (E5). */
export const takesPart = Prisma.sql`c.state = 'active'
  AND NOT EXISTS (SELECT 1 FROM component h WHERE h.id = c.home_id AND h.state <> 'active')`

/** Whether all of these components take part; until the transaction ends none of them leaves, nor a node that they are reached through. */
export async function allTakePart(statements: Statements, dialect: Dialect, ids: readonly string[]): Promise<boolean> {
  const distinct = [...new Set(ids)]
  const list = listOf(distinct)
  await statements.rows(Prisma.sql`
    SELECT id FROM component WHERE id IN ${list} OR id IN (SELECT home_id FROM component WHERE id IN ${list})
    ORDER BY id ${dialect.forShare}`)
  const [row] = await statements.rows<{ count: bigint | number }>(Prisma.sql`
    SELECT count(*) AS count FROM component c WHERE c.id IN ${list} AND ${takesPart}`)
  return Number(row?.count) === distinct.length
}
