import Libsql from 'libsql'
import type { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'

/** More than the store has; statements with lists of many lengths push the oldest out. */
const MAX_PREPARED = 200

type Statement = ReturnType<Libsql.Database['prepare']>

/** One connection to a SQLite file that keeps its statements prepared. The driver answers without waiting. */
export class PreparedStatements implements Statements {
  readonly #connection: Libsql.Database
  readonly #prepared = new Map<string, Statement>()

  /** @param settings statements that run first */
  constructor(file: string, busyTimeoutMs: number, settings: readonly string[]) {
    this.#connection = new Libsql(file, { timeout: busyTimeoutMs })
    for (const setting of settings) this.control(setting)
  }

  async rows<Row>(sql: Prisma.Sql): Promise<Row[]> {
    return this.#prepare(sql.sql).all(sql.values.map(bound)) as Row[]
  }

  async run(sql: Prisma.Sql): Promise<number> {
    return this.#prepare(sql.sql).run(sql.values.map(bound)).changes
  }

  /** A statement without values that answers nothing, such as BEGIN. */
  control(sql: string): void {
    this.#connection.exec(sql)
  }

  get inTransaction(): boolean {
    return this.#connection.inTransaction
  }

  close(): void {
    this.#prepared.clear()
    this.#connection.close()
  }

  #prepare(sql: string): Statement {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#connection.prepare(sql)
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.delete(this.#prepared.keys().next().value as string)
    this.#prepared.set(sql, statement)
    return statement
  }
}

function bound(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}
