import { createHash } from 'node:crypto'
import { FlottaError, toError } from '@flotta/contract'
import type { Replicas } from '@flotta/runtime/ports'
import { Batcher } from '../batcher.ts'
import type { PostgresqlLocation } from '../database-location.ts'
import type { Channel } from './channel.ts'
import { clientOptions } from './client-options.ts'
import { LastingConnection } from './lasting-connection.ts'

/** How long a nonce stays after its request has expired by the clock of the process that took it: those of others may be behind. */
const KEEP_AFTER_EXPIRY_MS = 10 * 60_000
const FORGET_EVERY_MS = 60_000
const MAX_SPENT_AT_ONCE = 500

interface Spending {
  readonly id: string
  readonly expiresAtMs: number
}

/**
 * Several processes of one node over a PostgreSQL: one connection of each, beside those of the store, on which it listens, spends nonces, and
 * holds the lock of whoever leads; the server gives that lock back when the connection is lost. It is made when it is first needed.
 */
export class PostgresqlReplicas implements Replicas {
  readonly #channel: Channel
  readonly #lock: string
  readonly #connection: LastingConnection
  readonly #listeners = new Set<(keys: readonly string[] | undefined) => void>()
  #leads = false
  #wasConnected = false
  readonly #spendings = new Batcher<'nonces', Spending, boolean>({
    answer: (spendings) => this.#spendAll(spendings),
    mostAtOnce: MAX_SPENT_AT_ONCE,
  })
  #forgetAtMs = 0

  constructor(location: PostgresqlLocation, channel: Channel) {
    this.#channel = channel
    this.#lock = `flotta housekeeping ${location.schema}`
    const options = clientOptions(location)
    this.#connection = new LastingConnection({
      // A nonce that a crash of the server forgets within its last moment is not worth a flush of the disk for each request.
      client: { ...options, options: `${options.options} -c synchronous_commit=off` },
      connected: async (client) => {
        await client.query(`LISTEN ${channel.name}`)
        if (this.#wasConnected) this.#hear(undefined)
        this.#wasConnected = true
      },
      lost: () => {
        this.#leads = false
      },
      notified: (word) => {
        const keys = channel.heard(word)
        if (keys.length > 0) this.#hear(keys)
      },
    })
  }

  listen(heard: (keys: readonly string[] | undefined) => void): () => void {
    this.#listeners.add(heard)
    // It comes back by itself when this fails.
    this.#connection.open().catch(() => undefined)
    return () => void this.#listeners.delete(heard)
  }

  async tell(keys: readonly string[]): Promise<void> {
    for (const word of this.#channel.wordsOf(keys)) {
      await this.#connection.query('SELECT pg_notify($1, $2)', [this.#channel.name, word])
    }
  }

  spend(nonce: string, expiresAtMs: number): Promise<boolean> {
    const id = createHash('sha256').update(nonce).digest('hex').slice(0, 32)
    return this.#spendings.ask('nonces', { id, expiresAtMs })
  }

  async leads(): Promise<boolean> {
    if (this.#leads) return true
    const text = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked'
    const [row] = await this.#connection.query<{ locked: boolean }>(text, [this.#lock])
    this.#leads = row?.locked ?? false
    return this.#leads
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #hear(keys: readonly string[] | undefined): void {
    for (const heard of [...this.#listeners]) heard(keys)
  }

  async #spendAll(spendings: readonly Spending[]): Promise<boolean[]> {
    const rows = await this.#connection
      .query<{ id: string }>(
        `INSERT INTO spent_nonce (id, expires_at_ms) SELECT * FROM unnest($1::text[], $2::bigint[])
         ON CONFLICT (id) DO NOTHING RETURNING id`,
        [spendings.map(({ id }) => id), spendings.map(({ expiresAtMs }) => Math.ceil(expiresAtMs))],
      )
      .catch((cause: unknown) => {
        throw new FlottaError('unavailable', 'The database could not be used.', { cause: toError(cause) })
      })
    void this.#forget()
    const accepted = new Set(rows.map(({ id }) => id))
    // The same one twice in one statement is accepted once.
    return spendings.map(({ id }) => accepted.delete(id))
  }

  async #forget(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs < this.#forgetAtMs) return
    this.#forgetAtMs = nowMs + FORGET_EVERY_MS
    await this.#connection
      .query(`DELETE FROM spent_nonce WHERE expires_at_ms < EXTRACT(EPOCH FROM clock_timestamp()) * 1000 - $1::bigint`, [
        KEEP_AFTER_EXPIRY_MS,
      ])
      .catch(() => undefined)
  }
}
