import { Prisma } from './generated/sqlite/client.ts'

/**
 * The values of an IN, in brackets: the last one is repeated until they are a power of two, so that lists of many lengths make few statements,
 * which stay prepared.
 */
export function listOf(values: readonly string[]): Prisma.Sql {
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)))
  const padded = Array.from({ length }, (_, index) => values[Math.min(index, values.length - 1)])
  return Prisma.sql`(${Prisma.join(padded)})`
}
