import { toError } from '@flotta/contract'
import type { BlobStorage } from '../ports/blob-storage.ts'
import type { Logger } from '../ports/logger.ts'
import type { Store } from '../ports/store.ts'
import { checkFolder } from '../storage/check-folder.ts'

/** One thing that has to be well for a component to work. `run` answers words for its operator, or rejects with what is wrong. */
export interface Probe {
  /** Anybody may read it. */
  readonly name: string
  run(): Promise<string>
}

export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  /** For the operator alone: it may name a folder. */
  readonly detail: string
}

/** Looks after the component itself: regularly, and when somebody asks. What changes is logged. */
export class SelfCheck {
  readonly #probes: readonly Probe[]
  readonly #logger: Logger
  #latest: { readonly results: readonly CheckResult[]; readonly atMs: number } | undefined
  #running: Promise<readonly CheckResult[]> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(probes: readonly Probe[], logger: Logger) {
    this.#probes = probes
    this.#logger = logger
  }

  /** Checks now, and every so many seconds from now on. */
  async start(everyS: number): Promise<void> {
    this.#timer = setInterval(() => void this.results(0), Math.min(everyS * 1000, 2 ** 31 - 1))
    this.#timer.unref()
    const results = await this.results(0)
    if (results.every(({ ok }) => ok)) this.#logger.info('self check: all is well')
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Results that are at most so old; many who ask at once get those of one check. */
  async results(maxAgeMs: number): Promise<readonly CheckResult[]> {
    const latest = this.#latest
    if (latest !== undefined && performance.now() - latest.atMs < maxAgeMs) return latest.results
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #check(): Promise<readonly CheckResult[]> {
    const results = await Promise.all(this.#probes.map(resultOf))
    for (const result of results) this.#tellChange(result)
    this.#latest = { results, atMs: performance.now() }
    return results
  }

  #tellChange({ name, ok, detail }: CheckResult): void {
    const before = this.#latest?.results.find((result) => result.name === name)?.ok ?? true
    if (!ok) this.#logger.error(`self check: ${name} not well: ${detail}`)
    else if (!before) this.#logger.info(`self check: ${name} well again`)
  }
}

async function resultOf({ name, run }: Probe): Promise<CheckResult> {
  return run().then(
    (detail) => ({ name, ok: true, detail }),
    (error: unknown) => ({ name, ok: false, detail: toError(error).message }),
  )
}

/** Whether the database answers. */
export function databaseProbe(store: Store): Probe {
  return { name: 'database', run: async () => store.ping().then(() => 'it answers') }
}

/** Whether the tables are those of this version: somebody may have restored an older backup under it, or started a newer version. */
export function migrationsProbe(store: Store): Probe {
  return {
    name: 'migrations',
    run: async () => {
      const { applied, pending, foreign } = await store.migrations()
      if (foreign.length > 0)
        throw new Error(`another version changed the tables (${foreign.join(', ')}); run that version, or restore a backup`)
      if (pending.length > 0)
        throw new Error(`the tables lack ${pending.join(', ')}; bring them up to date with: flotta db migrate`)
      return `${applied.length}, up to date`
    },
  }
}

/** Whether the clock of this machine and that of the database agree; leases go by the database's, signatures by this one. */
export function clockProbe(store: Store, nowMs: () => number, toleranceMs: number): Probe {
  return {
    name: 'clock',
    run: async () => {
      const differenceMs = nowMs() - (await store.nowMs())
      const text = `it differs from that of the database by ${(Math.abs(differenceMs) / 1000).toFixed(1)} s`
      if (Math.abs(differenceMs) > toleranceMs) throw new Error(`${text}; set both by NTP`)
      return text
    },
  }
}

/** Whether a folder can be written to, and has space. */
export function storageProbe(folder: string, minimumFreeBytes: number): Probe {
  return { name: 'storage', run: () => checkFolder(folder, minimumFreeBytes) }
}

/** Whether resources can be stored. */
export function resourcesProbe(blobs: BlobStorage): Probe {
  return { name: 'storage', run: () => blobs.check() }
}
