import type { Server } from 'node:http'
import { join } from 'node:path'
import { type Outbound, sleep } from '@flotta/client-sdk/transport'
import { MAX_BREATH_S, MAX_WAIT_S, type NodeKey, type ProjectId, toError } from '@flotta/contract'
import type { Identity } from '@flotta/crypto'
import { closeServer, createAppServer, type ListenAddress, listen } from '../http/server.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import type { OfferedDatasource } from '../ports/offered-datasource.ts'
import type { ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { httpTaskSource } from '../worker/http-task-source.ts'
import { localEngine } from '../worker/local-engine.ts'
import { holdScratch } from '../worker/scratch.ts'
import type { TaskSource } from '../worker/task-source.ts'
import { termsOf } from '../worker/terms.ts'
import { workFor } from '../worker/work-for.ts'
import type { WorkLoop } from '../worker/work-loop.ts'
import { Catalogue } from './catalogue.ts'
import { ClientHealth } from './client-health.ts'
import { type ClientFigures, createClientMetrics } from './client-metrics.ts'
import { clientProbes } from './client-probes.ts'
import { leaveThrough } from './leave-through.ts'
import { createMaintenanceApp } from './maintenance.ts'
import { OtherNodes } from './other-nodes.ts'
import { Session } from './session.ts'

export interface ClientOptions {
  readonly nodeUrl: string
  /** The node's fingerprint, as its operator reads it; without it the first key that answers is pinned. */
  readonly fingerprint?: string | undefined
  /** Proxy and authorities on the way to the node; the environment's unless told. */
  readonly outbound?: Outbound | undefined
  /** The modes of a node that will do; `node` alone unless told. */
  readonly nodeModes?: readonly NodeKey['mode'][]
  /** The token that the node's operator made for this client, where it asks for one. */
  readonly enrolmentToken?: string | undefined
  readonly identity: Identity
  readonly name?: string
  /** Folder for pinned nodes and the files of running jobs: of this process alone. */
  readonly workdir: string
  readonly datasources: readonly OfferedDatasource[]
  /** Runs the jobs; the caller closes it. */
  readonly executor: TaskExecutor
  readonly policy: ReleasePolicy
  /** How many jobs run at once. */
  readonly workers?: number
  /** Seconds between checks of itself, at most; 3600 unless told. */
  readonly healthcheckS?: number
  /** Free space in `workdir` below which it is not well. */
  readonly minimumFreeBytes?: number
  /** File that it leaves its health in, for other processes of its owner. */
  readonly healthFile?: string
  /** Whether its port, where it has one, answers `/metrics`. */
  readonly metrics?: boolean
  readonly logger?: Logger
}

export interface FlottaClient extends AsyncDisposable {
  readonly id: string
  /** Serves its owner on a port: `/healthz`, `/readyz` and, where it counts, `/metrics`; answers the port. Nobody else needs one. */
  listen(address: ListenAddress): Promise<number>
  /**
   * Starts to look for the node and for work; it opens no port.
   *
   * @throws {FlottaError} `conflict` when another process works in its workdir
   */
  start(): void
  /** Resolves when the node has admitted the client and knows its tables; rejects when it refuses. */
  joined(): Promise<void>
  /**
   * Leaves the network: its tables are taken off, and nothing is planned on it any more. Started again, it comes back as the one it was.
   *
   * @throws {FlottaError} `unavailable` when the node is away, `unauthenticated` when it does not know this client
   */
  leave(): Promise<void>
  /** Takes no more work, and lets running jobs end within `graceMs` (30 s unless told). */
  stop(graceMs?: number): Promise<void>
}

/**
 * A data holder's client, to run by itself or to embed: it calls its node, asks for work, and is never called.
 *
 * The options are its owner's last word: which tables are offered to which project, and how many records a result must rest on.
 */
export function createClient(options: ClientOptions): FlottaClient {
  const { identity, executor, datasources, workdir, policy, logger = silentLogger, nodeModes = ['node'] } = options
  const stopping = new AbortController()
  const catalogue = new Catalogue({ datasources, executor, policy, logger }, stopping.signal)
  const session = new Session(
    {
      nodeUrl: options.nodeUrl,
      fingerprint: options.fingerprint,
      outbound: options.outbound,
      nodeModes,
      enrolmentToken: options.enrolmentToken,
      identity,
      name: options.name ?? 'flottaClient',
      workdir,
      datasources,
      describe: () => catalogue.metadata(),
      logger,
    },
    stopping.signal,
  )
  const health = new ClientHealth({
    probes: clientProbes(session, catalogue, { workdir, minimumFreeBytes: options.minimumFreeBytes ?? 0 }),
    everyS: options.healthcheckS ?? 3600,
    file: options.healthFile,
    logger,
  })
  const metrics = options.metrics ? createClientMetrics(() => figuresOf(session, catalogue, datasources.length)) : undefined
  const counting = (source: TaskSource) => metrics?.counting(source) ?? source
  const scratchFolder = join(workdir, 'jobs')
  const engine = localEngine({
    executor,
    identity,
    policy,
    scratchFolder,
    datasourcesOf: (projectId: ProjectId) =>
      datasources.filter(({ name }) => session.offers.get(projectId)?.includes(name)).map(({ source }) => source()),
  })
  const slots = options.workers ?? 2
  const terms = termsOf(policy, datasources)
  let release: (() => void) | undefined
  let loop: WorkLoop | undefined
  let server: Server | undefined
  const others = new OtherNodes(session, logger, (nodeId, otherSource) =>
    workFor({
      engine,
      logger,
      source: counting(otherSource),
      outbox: { folder: join(workdir, 'outboxes', nodeId), terms },
      slots,
      waitS: MAX_WAIT_S,
    }),
  )
  let breathS = MAX_BREATH_S
  const source = counting(
    httpTaskSource((action) => session.call(action), { listener: others, breathS: () => breathS, heard: () => session.heard() }),
  )

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
    listen(address) {
      server = createAppServer(createMaintenanceApp(health, metrics), address.tls)
      return listen(server, address)
    },
    start() {
      release = holdScratch(scratchFolder)
      // Before anything is asked for or delivered, the client has its standing with the node.
      const next: typeof source.next = async (waitS, signal) => {
        const { node } = await session.standing()
        breathS = Math.min(node.heartbeatS, MAX_BREATH_S)
        return source.next(waitS, signal)
      }
      loop = workFor({
        engine,
        logger,
        source: { ...source, next },
        outbox: { folder: join(workdir, 'outbox'), terms },
        slots,
        waitS: MAX_WAIT_S,
      })
      void watchTables()
      health.start(session.standing())
    },
    async joined() {
      await session.standing()
    },
    async leave() {
      const { nodeUrl: url, fingerprint, outbound } = options
      await leaveThrough({ url, identity, fingerprint, outbound, modes: nodeModes, workdir })
      await client.stop(0)
    },
    async stop(graceMs = 30_000) {
      health.drain()
      if (!session.established) stopping.abort()
      await Promise.all([loop?.stop(graceMs), others.stop(graceMs)])
      stopping.abort()
      await session.close()
      await health.close()
      if (server) await closeServer(server)
      release?.()
    },
    [Symbol.asyncDispose]: () => client.stop(),
  }
  return client
}

function figuresOf(session: Session, catalogue: Catalogue, tables: number): ClientFigures {
  const unusableTables = catalogue.unusable().length
  return { joined: session.established && session.trouble === undefined, usableTables: tables - unusableTables, unusableTables }
}
