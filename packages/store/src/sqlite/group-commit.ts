import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Admission } from '../database.ts'
import type { Direct, Statements } from '../statements.ts'
import type { PreparedStatements } from './prepared-statements.ts'

/** Makes what has been committed durable, where the commit itself does not. */
export interface Flush {
  flush(): Promise<void>
  close(): Promise<void>
}

/** One commit answers so many at most, so that nobody waits long for the others. */
const MAX_GROUP = 100

interface Member {
  run(): Promise<void>
  committed(): void
  failed(error: unknown): void
}

/**
 * Transactions that wait at the same time are committed together: each in a savepoint of its own, so that one that fails takes no
 * other with it, and all with one flush of the disk, which costs more than they do and is waited for aside.
 */
export class GroupCommit implements Direct {
  readonly committed: Statements
  readonly #writing: PreparedStatements
  readonly #reading: PreparedStatements
  readonly #flush: Flush
  readonly #admit: Admission
  #waiting: Member[] = []

  constructor(writing: PreparedStatements, reading: PreparedStatements, flush: Flush, admit: Admission) {
    this.#writing = writing
    this.#reading = reading
    this.#flush = flush
    this.#admit = admit
    this.committed = reading
  }

  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T
      this.#waiting.push({
        run: async () => {
          value = await work(this.#writing)
        },
        committed: () => resolve(value),
        failed: reject,
      })
      if (this.#waiting.length === 1) void this.#admit(() => this.#commitAll())
    })
  }

  async close(): Promise<void> {
    this.#writing.close()
    this.#reading.close()
    await this.#flush.close()
  }

  /** What has come in by the end of this turn of the event loop belongs together. */
  async #commitAll(): Promise<void> {
    await nextTurn()
    const all = this.#waiting
    this.#waiting = []
    for (let start = 0; start < all.length; start += MAX_GROUP) await this.#commit(all.slice(start, start + MAX_GROUP))
  }

  /** Never rejects: each member hears of its own end. */
  async #commit(group: readonly Member[]): Promise<void> {
    let kept: readonly Member[]
    try {
      this.#writing.control('BEGIN IMMEDIATE')
      kept = await this.#runAll(group)
      this.#writing.control('COMMIT')
    } catch (error) {
      if (this.#writing.inTransaction) this.#writing.control('ROLLBACK')
      for (const member of group) member.failed(error)
      return
    }
    void this.#acknowledge(kept)
  }

  /** Others write meanwhile; nobody hears that something is done before it would survive. */
  async #acknowledge(members: readonly Member[]): Promise<void> {
    try {
      await this.#flush.flush()
      for (const member of members) member.committed()
    } catch (error) {
      for (const member of members) member.failed(error)
    }
  }

  /** Answers those that did not fail. One that is alone needs no savepoint: where it fails, the transaction is undone. */
  async #runAll(group: readonly Member[]): Promise<readonly Member[]> {
    if (group.length === 1) {
      await group[0]?.run()
      return group
    }
    const kept: Member[] = []
    for (const member of group) if (await this.#keeps(member)) kept.push(member)
    return kept
  }

  /** Runs one within the transaction; where it fails, what it has done is undone. A failure that ends the transaction is everybody's. */
  async #keeps(member: Member): Promise<boolean> {
    this.#writing.control('SAVEPOINT member')
    try {
      await member.run()
    } catch (error) {
      if (!this.#writing.inTransaction) throw error
      this.#writing.control('ROLLBACK TO member; RELEASE member')
      member.failed(error)
      return false
    }
    this.#writing.control('RELEASE member')
    return true
  }
}
