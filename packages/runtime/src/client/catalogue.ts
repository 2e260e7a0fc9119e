import type { DatasourceMetadata } from '@flotta/contract'
import { versionOf } from '../data/sources/source-version.ts'
import type { Logger } from '../ports/logger.ts'
import type { OfferedDatasource } from '../ports/offered-datasource.ts'
import type { ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'

export interface CatalogueOptions {
  readonly datasources: readonly OfferedDatasource[]
  readonly executor: TaskExecutor
  readonly policy: ReleasePolicy
  readonly logger: Logger
}

/** How often a database that could not be read is tried again. */
const RETRY_MS = 30_000

interface Entry {
  /** What the table was when it was read. */
  readonly version: string
  readonly metadata: DatasourceMetadata
  /** What it was when it was looked at last, where that is something else. */
  seen: string | undefined
}

/** The tables of a client and what is published of each: a table is read again when it may have changed, and not before. */
export class Catalogue {
  readonly #options: CatalogueOptions
  readonly #stopping: AbortSignal
  readonly #entries = new Map<string, Entry>()

  constructor(options: CatalogueOptions, stopping: AbortSignal) {
    this.#options = options
    this.#stopping = stopping
  }

  /** What is published of every table, in the order in which they are offered. One that can't be read does not stop the others. */
  metadata(): Promise<DatasourceMetadata[]> {
    return Promise.all(this.#options.datasources.map((datasource) => this.#metadataOf(datasource)))
  }

  /** The tables that could not be read when they were tried last, each with the reason that the node was told. */
  unusable(): { readonly name: string; readonly reason: string }[] {
    return [...this.#entries].flatMap(([name, { metadata }]) =>
      metadata.problem === null ? [] : [{ name, reason: metadata.problem.message }],
    )
  }

  /** Whether a table has changed since it was read, and looks as it did when this was asked before: nobody is writing it now. */
  changed(): boolean {
    let changed = false
    for (const datasource of this.#options.datasources) {
      const entry = this.#entries.get(datasource.name)
      if (entry === undefined) continue
      const version = this.#versionOf(datasource)
      if (version !== entry.version && version === entry.seen) changed = true
      entry.seen = version
    }
    return changed
  }

  async #metadataOf(datasource: OfferedDatasource): Promise<DatasourceMetadata> {
    const known = this.#entries.get(datasource.name)
    const version = this.#versionOf(datasource)
    if (known?.version === version) return known.metadata
    const metadata = await this.#read(datasource)
    if (known !== undefined) this.#options.logger.info(`the data source "${datasource.name}" has changed and was read again`)
    this.#entries.set(datasource.name, { version: retried(version, datasource, metadata), metadata, seen: undefined })
    return metadata
  }

  #versionOf(datasource: OfferedDatasource): string {
    const version = versionOf(datasource.source())
    const known = this.#entries.get(datasource.name)
    return known === undefined ? version : retried(version, datasource, known.metadata)
  }

  /** One that can't be read is published as such, and its owner is told why (here alone in full). */
  async #read({ name, source, publish }: OfferedDatasource): Promise<DatasourceMetadata> {
    const { executor, policy, logger } = this.#options
    const outcome = await executor.describe({ source: source(), publish, policy }, { signal: this.#stopping })
    if (outcome.kind === 'described') return outcome.metadata
    logger.error(`the data source "${name}" can not be used: ${outcome.detail}`, { code: outcome.failure.code })
    return { name, publish, records: null, features: [], problem: outcome.failure }
  }
}

/** A file shows when it is mended; a database does not, so one that could not be read is another every half minute. */
function retried(version: string, { source }: OfferedDatasource, { problem }: DatasourceMetadata): string {
  return problem === null || source().kind === 'file' ? version : `${version} ${Math.floor(Date.now() / RETRY_MS)}`
}
