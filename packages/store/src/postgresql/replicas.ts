import { createHash } from 'node:crypto'
import { FlottaError, toError } from '@flotta/contract'
import type { Replicas } from '@flotta/runtime/ports'
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
  readonly resolve: (accepted: boolean) => void
  readonly reject: (error: unknown) => void
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
  #toSpend: Spending[] = []
  #spending = false
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
    return new Promise((resolve, reject) => {
      this.#toSpend.push({ id, expiresAtMs, resolve, reject })
      if (!this.#spending) void this.#spendAll()
    })
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

  /** One statement at a time: what comes meanwhile goes together into the next one. */
  async #spendAll(): Promise<void> {
    this.#spending = true
    while (this.#toSpend.length > 0) await this.#spendSome(this.#toSpend.splice(0, MAX_SPENT_AT_ONCE))
    this.#spending = false
    await this.#forget()
  }

  async #spendSome(spendings: readonly Spending[]): Promise<void> {
    try {
      const rows = await this.#connection.query<{ id: string }>(
        `INSERT INTO spent_nonce (id, expires_at_ms) SELECT * FROM unnest($1::text[], $2::bigint[])
         ON CONFLICT (id) DO NOTHING RETURNING id`,
        [spendings.map(({ id }) => id), spendings.map(({ expiresAtMs }) => Math.ceil(expiresAtMs))],
      )
      const accepted = new Set(rows.map(({ id }) => id))
      // The same one twice in one statement is accepted once.
      for (const { id, resolve } of spendings) resolve(accepted.delete(id))
    } catch (error) {
      const unavailable = new FlottaError('unavailable', 'The database could not be used.', { cause: toError(error) })
      for (const { reject } of spendings) reject(unavailable)
    }
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
