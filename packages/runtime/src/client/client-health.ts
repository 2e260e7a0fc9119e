import { setTimeout as after } from 'node:timers/promises'
import { toError } from '@flotta/contract'
import { type CheckResult, type Probe, SelfCheck } from '../health/self-check.ts'
import type { Logger } from '../ports/logger.ts'
import { removeHealthReport, writeHealthReport } from './health-report.ts'

/** A report is written at least as often, so that a hanging client is noticed within half a minute. */
const MAX_REPORT_MS = 10_000

export interface ClientHealthOptions {
  readonly probes: readonly Probe[]
  /** Seconds between checks, at most. */
  readonly everyS: number
  /** Where reports are left; none are without. */
  readonly file: string | undefined
  readonly logger: Logger
}

/** Looks after a client at intervals, tells the log what changes, and leaves reports. */
export class ClientHealth {
  readonly #check: SelfCheck
  readonly #everyMs: number
  readonly #options: ClientHealthOptions
  readonly #stopping = new AbortController()
  readonly #closed = new AbortController()
  #loop: Promise<void> | undefined

  constructor(options: ClientHealthOptions) {
    this.#options = options
    this.#check = new SelfCheck(options.probes, options.logger)
    this.#everyMs = Math.min(options.everyS * 1000, MAX_REPORT_MS)
  }

  get stopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** What was found at most so long ago. */
  results(maxAgeMs: number): Promise<readonly CheckResult[]> {
    return this.#check.results(maxAgeMs)
  }

  /** Reports from when the client has joined, or could have. It ends with {@link close}. */
  start(joined: Promise<unknown>): void {
    this.#loop ??= this.#report(joined)
  }

  /** Goes on reporting that the client lives, and says that it ends. */
  drain(): void {
    this.#stopping.abort()
  }

  /** Reports no more, and takes its last report away, if any: nobody is there any more. */
  async close(): Promise<void> {
    this.drain()
    this.#closed.abort()
    await this.#loop
    if (this.#loop !== undefined && this.#options.file !== undefined) await removeHealthReport(this.#options.file)
  }

  async #report(joined: Promise<unknown>): Promise<void> {
    const { signal } = this.#closed
    const pause = () => after(this.#everyMs, undefined, { signal }).catch(() => undefined)
    await Promise.race([joined.catch(() => undefined), pause()])
    while (!signal.aborted) {
      const checks = await this.results(0)
      await this.#leave(checks)
      await pause()
    }
  }

  async #leave(checks: readonly CheckResult[]): Promise<void> {
    const { file, logger } = this.#options
    if (file === undefined) return
    const report = { pid: process.pid, atMs: Date.now(), everyMs: this.#everyMs, stopping: this.stopping, checks: [...checks] }
    await writeHealthReport(file, report).catch((error: unknown) =>
      logger.debug(`no report of health could be left: ${toError(error).message}`),
    )
  }
}
