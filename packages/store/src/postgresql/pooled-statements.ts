import type pg from 'pg'
import type { Prisma } from '../generated/sqlite/client.ts'
import type { Direct, Statements } from '../statements.ts'

/** Statements over the pool that Prisma's client uses too. */
export function pooledStatements(pool: pg.Pool): Direct {
  pool.on('error', ignore)
  return {
    committed: statementsOn(pool),
    async transaction(work) {
      const connection = await pool.connect()
      // A connection that breaks says so by its statement too; unheard, the event would end the process.
      connection.on('error', ignore)
      try {
        await connection.query('BEGIN')
        const value = await work(statementsOn(connection))
        await connection.query('COMMIT')
        connection.off('error', ignore).release()
        return value
      } catch (error) {
        await rollBack(connection)
        throw error
      }
    },
    close: () => pool.end(),
  }
}

const ignore = () => undefined

/** A connection that can't even be rolled back is thrown away. */
async function rollBack(connection: pg.PoolClient): Promise<void> {
  const broken = await connection.query('ROLLBACK').then(
    () => false,
    () => true,
  )
  connection.off('error', ignore).release(broken)
}

function statementsOn(connection: Pick<pg.ClientBase, 'query'>): Statements {
  const query = ({ text, values }: Prisma.Sql) => connection.query({ ...nameOf(text), text, values: [...values] })
  return {
    rows: async <Row>(sql: Prisma.Sql) => (await query(sql)).rows as Row[],
    run: async (sql) => (await query(sql)).rowCount ?? 0,
  }
}

/** More than the store has; those with lists of many lengths beyond it go without. */
const MAX_NAMED = 200
const names = new Map<string, { readonly name: string }>()

/** A statement of a name is parsed and planned once on each connection. */
function nameOf(text: string): { readonly name?: string } {
  const known = names.get(text)
  if (known !== undefined || names.size >= MAX_NAMED) return known ?? {}
  const named = { name: `flotta_${names.size}` }
  names.set(text, named)
  return named
}
