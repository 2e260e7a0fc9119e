import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Outbound, sleep } from '@flotta/client-sdk/transport'
import { type NodeKey, type ProjectId, toError } from '@flotta/contract'
import { type Identity, tokenId } from '@flotta/crypto'
import { type Logger, silentLogger } from '../ports/logger.ts'
import type { ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { deliverKept } from '../worker/deliver.ts'
import { type JobRunnerOptions, runJob } from '../worker/job-runner.ts'
import { Outbox } from '../worker/outbox.ts'
import { startWorkLoop, type WorkLoop } from '../worker/work-loop.ts'
import { Catalogue } from './catalogue.ts'
import { httpTaskSource } from './http-task-source.ts'
import type { OfferedDatasource } from './offered-datasource.ts'
import { Session } from './session.ts'

export interface ClientOptions {
  readonly nodeUrl: string
  /** The node's fingerprint, as its operator reads it; without it the first key that answers is pinned. */
  readonly fingerprint?: string | undefined
  /** Proxy and authorities on the way to the node; the environment's unless told. */
  readonly outbound?: Outbound | undefined
  /** The modes of a node that will do; `node` alone unless told. */
  readonly nodeModes?: readonly NodeKey['mode'][]
  readonly identity: Identity
  readonly name?: string
  /** Folder for pinned nodes and the files of running jobs. */
  readonly workdir: string
  readonly datasources: readonly OfferedDatasource[]
  /** Runs the jobs; the caller closes it. */
  readonly executor: TaskExecutor
  readonly policy: ReleasePolicy
  /** How many jobs run at once. */
  readonly workers?: number
  readonly logger?: Logger
}

export interface FlottaClient extends AsyncDisposable {
  readonly id: string
  /** Starts to look for the node and for work; it opens no port. */
  start(): void
  /** Resolves when the node has admitted the client and knows its tables; rejects when it refuses. */
  joined(): Promise<void>
  /** Takes no more work, and lets running jobs end within `graceMs` (30 s unless told). */
  stop(graceMs?: number): Promise<void>
}

/**
 * A data holder's client, to run by itself or to embed: it calls its node, asks for work, and is never called.
 *
 * The options are its owner's last word: which tables are offered to which project, and how many records a result must rest on.
 */
export function createClient(options: ClientOptions): FlottaClient {
  const { identity, executor, datasources, workdir, policy, logger = silentLogger } = options
  const stopping = new AbortController()
  const catalogue = new Catalogue({ datasources, executor, policy, logger }, stopping.signal)
  const session = new Session(
    {
      nodeUrl: options.nodeUrl,
      fingerprint: options.fingerprint,
      outbound: options.outbound,
      nodeModes: options.nodeModes ?? ['node'],
      identity,
      name: options.name ?? 'flottaClient',
      workdir,
      datasources,
      describe: () => catalogue.metadata(),
      logger,
    },
    stopping.signal,
  )
  const source = httpTaskSource(session)
  const outbox = Outbox.open({ folder: join(workdir, 'outbox'), terms: termsOf(options) })
  // Whoever asks for work hears of it.
  outbox.catch(() => undefined)
  let offers: ReadonlyMap<ProjectId, readonly string[]> = new Map()
  const runner = async (): Promise<JobRunnerOptions> => ({
    source,
    outbox: await outbox,
    executor,
    identity,
    policy,
    scratchFolder: join(workdir, 'jobs'),
    datasourcesOf: (projectId: ProjectId) =>
      datasources.filter(({ name }) => offers.get(projectId)?.includes(name)).map(({ source }) => source()),
    logger,
  })
  let loop: WorkLoop | undefined

  /** Looks at each heartbeat whether a table has changed, and then tells the node what there is now. */
  async function watchTables(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const { node } = await session.standing()
        await sleep(node.heartbeatS * 1000, stopping.signal)
        if (!stopping.signal.aborted && catalogue.changed()) await session.republish()
      } catch (error) {
        if (stopping.signal.aborted) return
        logger.warn(`the tables could not be published: ${toError(error).message}`)
        await sleep(1000, stopping.signal)
      }
    }
  }

  const client: FlottaClient = {
    id: identity.id,
    start() {
      let delivering: Promise<void> | undefined
      loop = startWorkLoop({
        slots: options.workers ?? 2,
        waitS: 25,
        next: async (waitS, signal) => {
          const standing = await session.standing()
          offers = standing.offers
          delivering ??= runner().then((kept) => deliverKept(kept, AbortSignal.any([signal, stopping.signal])))
          await delivering
          return source.next(Math.min(waitS, standing.node.heartbeatS), signal)
        },
        run: async (task, signals) => runJob(task, await runner(), signals),
        logger,
      })
      void watchTables()
    },
    async joined() {
      await session.standing()
    },
    async stop(graceMs = 30_000) {
      if (!session.established) stopping.abort()
      await loop?.stop(graceMs)
      stopping.abort()
      await session.close()
    },
    [Symbol.asyncDispose]: () => client.stop(),
  }
  return client
}

/**
 * What results of this client are made under, in short: its policy, and which tables it offers to whom. What was made before the
 * owner changed any of it is not delivered after.
 */
function termsOf({ policy, datasources }: ClientOptions): string {
  const offers = datasources.map(({ name, tokens }) => [name, ...tokens().map(tokenId).sort()])
  return createHash('sha256').update(JSON.stringify({ policy, offers })).digest('hex')
}
