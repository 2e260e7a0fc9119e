import { randomBytes } from 'node:crypto'
import { type DatasourceMetadata, makeId, type ProjectId, toError } from '@flotta/contract'
import { tokenId } from '@flotta/crypto'
import type { DatasourceSource } from '../../ports/datasource-source.ts'
import type { OfferedDatasource } from '../../ports/offered-datasource.ts'
import { networkKey } from '../../ports/replicas.ts'
import { announceNetwork, type NodeContext } from '../node-context.ts'

/** Looks again now and then, even when nobody has told of a change. */
const LOOK_EVERY_MS = 60_000

/** The tables that a node holds itself: it is then a data holder like any client, and its own worker. */
export class OwnData {
  readonly #context: NodeContext
  readonly #datasources: readonly OfferedDatasource[]
  readonly #describe: () => Promise<DatasourceMetadata[]>
  readonly #stopping = new AbortController()
  #offers: ReadonlyMap<ProjectId, readonly OfferedDatasource[]> = new Map()
  #watching: Promise<void> | undefined

  constructor(context: NodeContext, datasources: readonly OfferedDatasource[], describe: () => Promise<DatasourceMetadata[]>) {
    this.#context = context
    this.#datasources = datasources
    this.#describe = describe
  }

  /** The tables that are offered to a project. */
  of(projectId: ProjectId): readonly DatasourceSource[] {
    return (this.#offers.get(projectId) ?? []).map(({ source }) => source())
  }

  /** Describes the tables and offers them to the projects whose tokens they have, and to those that become known later. */
  async start(): Promise<void> {
    if (this.#datasources.length === 0) return
    this.#watching = this.#watch(await this.#offer(''))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#watching
  }

  async #watch(before: string): Promise<void> {
    const { signal } = this.#stopping
    const { wakeUps, logger } = this.#context
    const listener = wakeUps.listen(networkKey)
    let attached = before
    try {
      while (!signal.aborted) {
        await listener.wait(LOOK_EVERY_MS, signal)
        attached = await this.#offer(attached).catch((error: unknown) => {
          logger.warn(`this node's tables could not be offered: ${toError(error).message}`)
          return attached
        })
      }
    } finally {
      listener.close()
    }
  }

  /** Offers the tables as they are now, unless nothing has changed since `before`; answers what is offered as a text to compare. */
  async #offer(before: string): Promise<string> {
    const { store, id } = this.#context
    const metadata = await this.#describe()
    const entries = await Promise.all(
      this.#datasources.map(async ({ tokens }, index) => {
        const projects = await Promise.all(tokens().map((token) => store.projects.findByTokenId(tokenId(token))))
        const projectIds = [...new Set(projects.flatMap((project) => project?.id ?? []))]
        return { id: makeId('dat', randomBytes(26)), metadata: metadata[index]!, projectIds }
      }),
    )
    const attached = JSON.stringify(entries.map(({ metadata: described, projectIds }) => [described, projectIds]))
    if (attached === before) return before
    await store.datasources.replace(id, entries)
    const offers = new Map<ProjectId, OfferedDatasource[]>()
    for (const [index, { projectIds }] of entries.entries())
      for (const projectId of projectIds) offers.set(projectId, [...(offers.get(projectId) ?? []), this.#datasources[index]!])
    this.#offers = offers
    announceNetwork(this.#context)
    return attached
  }
}
