import { PrismaLibSql } from '@prisma/adapter-libsql'

type LibSqlClient = ReturnType<PrismaLibSql['createClient']>
type LibSqlTransaction = Awaited<ReturnType<LibSqlClient['transaction']>>

/**
 * Prisma's libsql adapter on one connection.
 *
 * As it comes, the adapter leaves the connection behind with each transaction and opens another: settings made by PRAGMA are lost,
 * file descriptors wait for the garbage collector, and transactions begin without the write lock, which they can then fail to get.
 * The adapter lets nothing else run during a transaction, so one connection is enough, and it begins with the lock in hand.
 */
export class SingleConnection extends PrismaLibSql {
  override createClient(config: Parameters<PrismaLibSql['createClient']>[0]): LibSqlClient {
    const client = super.createClient(config)
    client.transaction = () => beginOn(client)
    return client
  }
}

async function beginOn(client: LibSqlClient): Promise<LibSqlTransaction> {
  await client.execute('BEGIN IMMEDIATE')
  let open = true
  const end = async (sql: 'COMMIT' | 'ROLLBACK') => {
    open = false
    await client.execute(sql)
  }
  const rollback = () => end('ROLLBACK')
  return {
    execute: (statement) => client.execute(statement),
    executeMultiple: (sql) => client.executeMultiple(sql),
    batch: (statements) => Promise.all(statements.map((statement) => client.execute(statement as string))),
    commit: () =>
      end('COMMIT').catch(async (error: unknown) => {
        // A COMMIT that fails leaves the transaction open, and the next one could not begin.
        await rollback().catch(() => undefined)
        throw error
      }),
    rollback,
    close: () => void rollback().catch(() => undefined),
    get closed() {
      return !open
    },
  }
}
