import { networkKey } from '@flotta/runtime/ports'
import type { Dialect } from './dialect.ts'
import { Prisma } from './generated/sqlite/client.ts'
import type { Statements } from './statements.ts'

/**
 * The next revision of what the nodes of a network tell each other: greater than every one before it, than the present time, and than
 * `atLeast` (a version from elsewhere), so that versions of different nodes compare (a hybrid logical clock).
 *
 * The row stays locked until the transaction ends: revisions become visible in their order, and a reader never skips one.
 */
export async function nextRevision(statements: Statements, dialect: Dialect, atLeast = 0): Promise<number> {
  const floor = Prisma.sql`CAST(${BigInt(atLeast)} AS BIGINT)`
  const { nowMs } = dialect
  const [row] = await statements.rows<{ value: bigint | number | string }>(Prisma.sql`
    INSERT INTO network_clock (id, value) VALUES (1, CASE WHEN ${nowMs} > ${floor} THEN ${nowMs} ELSE ${floor} + 1 END)
    ON CONFLICT (id) DO UPDATE SET value = CASE
      WHEN ${nowMs} > network_clock.value AND ${nowMs} > ${floor} THEN ${nowMs}
      WHEN network_clock.value >= ${floor} THEN network_clock.value + 1
      ELSE ${floor} + 1 END
    RETURNING value, ${dialect.telling([networkKey])} AS told`)
  return Number(row?.value)
}

/** Gives a component the next revision, in a transaction that has its row locked: something of it has changed here. */
export async function reviseComponent(statements: Statements, dialect: Dialect, id: string): Promise<void> {
  const revision = await nextRevision(statements, dialect)
  await statements.run(Prisma.sql`UPDATE component SET version = ${revision}, revision = ${revision} WHERE id = ${id}`)
}
