import { setTimeout as delay } from 'node:timers/promises'
import { FlottaError } from '@flotta/contract'
import pg from 'pg'
import { databaseError } from '../database-error.ts'

const FIRST_DELAY_MS = 50
const MAX_DELAY_MS = 5000

export interface LastingConnectionOptions {
  readonly client: pg.ClientConfig
  /** Prepares a connection: the first one and each that takes the place of a lost one. */
  readonly connected: (client: pg.Client) => Promise<void>
  readonly lost: () => void
  readonly notified: (word: string) => void
}

/** One connection that is made again, with back-off, as often as it is lost. It does not keep the process alive while there is none. */
export class LastingConnection {
  readonly #options: LastingConnectionOptions
  readonly #closing = new AbortController()
  #client: pg.Client | undefined
  #ready: Promise<pg.Client> | undefined
  #giveUp: () => void = () => undefined
  #failures = 0

  constructor(options: LastingConnectionOptions) {
    this.#options = options
  }

  /** Runs a statement on the connection; it waits for one to be made once, not for the server to come back. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      const client = await this.open()
      return (await client.query<Row>(text, values)).rows
    } catch (error) {
      // What did not come from the server leaves it open whether there is still a connection.
      if (!(error instanceof pg.DatabaseError)) this.#giveUp()
      throw databaseError(error)
    }
  }

  async open(): Promise<pg.Client> {
    if (this.#closing.signal.aborted) throw new FlottaError('unavailable', 'The store is closed.')
    this.#ready ??= this.#connect()
    return this.#ready
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#ready?.catch(() => undefined)
    await this.#client?.end().catch(() => undefined)
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#options.client)
    let gone = false
    const lose = () => {
      if (gone) return
      gone = true
      client.end().catch(() => undefined)
      this.#lose(client)
    }
    this.#giveUp = lose
    client.on('error', lose).on('end', lose)
    client.on('notification', ({ payload }) => this.#options.notified(payload ?? ''))
    try {
      await client.connect()
      this.#client = client
      await this.#options.connected(client)
      this.#failures = 0
      return client
    } catch (error) {
      lose()
      throw error
    }
  }

  #lose(client: pg.Client): void {
    if (this.#client === client) {
      this.#client = undefined
      this.#options.lost()
    }
    this.#ready = undefined
    if (!this.#closing.signal.aborted) void this.#comeBack()
  }

  async #comeBack(): Promise<void> {
    const { signal } = this.#closing
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** this.#failures++, MAX_DELAY_MS)
    await delay(delayMs * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined)
    // Somebody may have asked in between.
    if (!signal.aborted) await this.open().catch(() => undefined)
  }
}
