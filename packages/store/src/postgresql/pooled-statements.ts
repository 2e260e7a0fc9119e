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
  const query = (sql: Prisma.Sql) => connection.query({ text: sql.text, values: [...sql.values] })
  return {
    rows: async <Row>(sql: Prisma.Sql) => (await query(sql)).rows as Row[],
    run: async (sql) => (await query(sql)).rowCount ?? 0,
  }
}
