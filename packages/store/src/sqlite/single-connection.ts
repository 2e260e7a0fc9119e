import { PrismaLibSql } from '@prisma/adapter-libsql'

type Config = Parameters<PrismaLibSql['createClient']>[0]
type Client = ReturnType<PrismaLibSql['createClient']>
type Transaction = Awaited<ReturnType<Client['transaction']>>
type Statement = Parameters<Transaction['execute']>[0]
type Execute = Transaction['execute']

/**
 * Prisma's libsql adapter on one connection.
 *
 * As it comes, the adapter leaves the connection behind with each transaction and opens another: settings made by PRAGMA are lost,
 * file descriptors wait for the garbage collector, and transactions begin without the write lock, which they can then fail to get.
 * The adapter lets nothing else run during a transaction, so one connection is enough, and it begins with the lock in hand.
 *
 * `settings` are statements that run first on the connection.
 */
export class SingleConnection extends PrismaLibSql {
  readonly #settings: readonly string[]

  constructor(config: Config, settings: readonly string[] = []) {
    super(config)
    this.#settings = settings
  }

  override createClient(config: Config): Client {
    const client = super.createClient(config)
    const connection = new Connection(client, this.#settings)
    client.execute = (statement: Statement) => connection.execute(statement)
    client.transaction = () => connection.begin()
    return client
  }
}

class Connection {
  readonly #execute: Execute
  readonly #reconnect: () => Promise<void>
  readonly #settings: readonly string[]
  #isSet = false
  #inTransaction = false

  constructor(client: Client, settings: readonly string[]) {
    this.#execute = client.execute.bind(client)
    this.#reconnect = async () => client.reconnect()
    this.#settings = settings
  }

  async execute(statement: Statement): ReturnType<Execute> {
    try {
      if (!this.#isSet) await this.#set()
      return await this.#execute(statement)
    } catch (error) {
      if (isBusy(error) && !this.#inTransaction) await this.#reopen()
      throw error
    }
  }

  async begin(): Promise<Transaction> {
    await this.execute('BEGIN IMMEDIATE')
    this.#inTransaction = true
    return {
      execute: (statement) => this.execute(statement),
      batch: (statements) => Promise.all(statements.map((statement) => this.execute(statement as Statement))),
      executeMultiple: () => Promise.reject(new TypeError('a transaction runs one statement at a time')),
      commit: () => this.#commit(),
      rollback: () => this.#end('ROLLBACK'),
      close: () => undefined,
      closed: false,
    }
  }

  /** A COMMIT that fails leaves the transaction open, and the next one could not begin. */
  async #commit(): Promise<void> {
    try {
      await this.#end('COMMIT')
    } catch (error) {
      await this.#execute('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  async #end(sql: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      await this.#execute(sql)
    } finally {
      this.#inTransaction = false
    }
  }

  async #set(): Promise<void> {
    for (const setting of this.#settings) await this.#execute(setting)
    this.#isSet = true
  }

  /**
   * A statement that waited in vain for the lock stays in progress until it is collected, and until then nothing can be committed
   * on its connection.
   */
  async #reopen(): Promise<void> {
    await this.#reconnect()
    this.#isSet = false
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
