import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { parseNodeUrl } from '@flotta/client-sdk/transport'
import { type ComponentId, type KeyDocument, makeId, problemOf, routes } from '@flotta/contract'
import { fingerprint, type Identity, tokenId, tokenVerifier } from '@flotta/crypto'
import express, { type Router } from 'express'
import { type Logger, silentLogger } from '../ports/logger.ts'
import type { Store } from '../ports/store.ts'
import type { TaskExecutor } from '../ports/task-executor.ts'
import { createFileBlobStorage } from '../storage/file-blob-storage.ts'
import { deliverKept } from '../worker/deliver.ts'
import { runJob } from '../worker/job-runner.ts'
import { Outbox } from '../worker/outbox.ts'
import { startWorkLoop, type WorkLoop } from '../worker/work-loop.ts'
import { ComponentDirectory } from './component-directory.ts'
import { createHandlers, type Handlers } from './http/handlers.ts'
import { createMetrics } from './http/metrics.ts'
import { mountRoutes } from './http/mount-routes.ts'
import { ReplayWindow } from './http/replay-window.ts'
import { plainResponder } from './http/responder.ts'
import { createAppServer, type TlsCertificate } from './http/server.ts'
import { localTaskSource } from './local-task-source.ts'
import type { NodeContext } from './node-context.ts'
import { Presence } from './presence.ts'
import { clockProbe, databaseProbe, SelfCheck, storageProbe } from './self-check.ts'
import { type Sweeper, startSweeper } from './sweeper.ts'
import { WakeUps } from './wake-ups.ts'

/** After as many heartbeats without a word a component is away. */
const HEARTBEATS_OF_SILENCE = 3

export interface NodeOptions {
  /** Where the node remembers; the caller opens and closes it. */
  readonly store: Store
  /** Runs the node's own jobs; the caller closes it. */
  readonly executor: TaskExecutor
  readonly identity: Identity
  /** Folder for resources and the files of running jobs. */
  readonly workdir: string
  readonly name?: string
  /** What it says it is; a standalone network is for one machine, and no other component joins it. @default 'node' */
  readonly mode?: 'node' | 'standalone'
  /** Its external URL. A path in it is where a proxy in front of it puts it; with or without that path, the node answers. */
  readonly url?: string
  /** Projects that exist when the node starts. A token is only read here; what is stored can't be turned back into it. */
  readonly projects?: readonly { readonly name: string; readonly token: string }[]
  /** Seconds within which a client asks for updates; also how long a question for work is held. */
  readonly heartbeatS?: number
  readonly leaseMs?: number
  readonly maxAttempts?: number
  /** How many of the node's own jobs run at once. */
  readonly workers?: number
  readonly allowResourceDownload?: boolean
  readonly maxBodyBytes?: number
  readonly maxResourceBytes?: number
  readonly clockSkewMs?: number
  /** Public keys of those who may use the admin routes. */
  readonly operatorKeys?: readonly KeyDocument[]
  /** Seconds between self checks; 3600 unless told. */
  readonly healthcheckS?: number
  /** Free space below which the node is not ready. */
  readonly minimumFreeBytes?: number
  /** Whether `/metrics` answers. */
  readonly metrics?: boolean
  readonly logger?: Logger
  readonly nowMs?: () => number
}

export interface FlottaNode extends AsyncDisposable {
  readonly id: ComponentId
  readonly key: KeyDocument
  /** The node's key in short, to be read over the telephone. */
  readonly fingerprint: string
  /** The node's routes, to be mounted in an Express app at its root or under a path. */
  readonly router: Router
  /** Starts to run the node's own jobs and to hand lapsed ones out again. */
  start(): Promise<void>
  /** Serves the router on a port of its own; answers the port, which is a free one for 0. */
  listen(address: { readonly host: string; readonly port: number; readonly tls?: TlsCertificate }): Promise<number>
  /** Takes no more work, lets running jobs end within `graceMs` (30 s unless told), and closes the port. */
  stop(graceMs?: number): Promise<void>
}

/**
 * An aggregation node, to run by itself or to embed in a service.
 *
 * @example
 * await using node = await createNode({ store, executor, identity, workdir, projects })
 * await node.start()
 * app.use('/flotta', node.router)
 */
export async function createNode(options: NodeOptions): Promise<FlottaNode> {
  const {
    store,
    executor,
    identity,
    workdir,
    logger = silentLogger,
    nowMs = Date.now,
    heartbeatS = 10,
    clockSkewMs = 60_000,
  } = options
  const stopping = new AbortController()
  const resources = join(workdir, 'resources')
  const directory = new ComponentDirectory(store.components, options.operatorKeys)
  const context: NodeContext = {
    id: identity.id as ComponentId,
    key: identity.document as KeyDocument,
    name: options.name ?? 'flottaNode',
    mode: options.mode ?? 'node',
    store,
    blobs: await createFileBlobStorage(resources),
    wakeUps: new WakeUps(),
    directory,
    selfCheck: new SelfCheck(
      [databaseProbe(store), clockProbe(store, nowMs, clockSkewMs), storageProbe(resources, options.minimumFreeBytes ?? 0)],
      logger,
    ),
    presence: new Presence(HEARTBEATS_OF_SILENCE * heartbeatS * 1000),
    logger,
    heartbeatS,
    leaseMs: options.leaseMs ?? 30_000,
    maxAttempts: options.maxAttempts ?? 3,
    maxResourceBytes: options.maxResourceBytes ?? 4 * 1024 ** 3,
    allowResourceDownload: options.allowResourceDownload ?? true,
    stopping: stopping.signal,
  }
  await introduce(context, options.projects ?? [])
  const metrics = options.metrics ? createMetrics(store) : undefined
  const handlers: Handlers = createHandlers(context)
  const router = mountRoutes(
    { routes, handlers },
    {
      identity,
      directory,
      replayWindow: new ReplayWindow(nowMs(), clockSkewMs),
      clockSkewMs,
      maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
      logger,
      nowMs,
      observe: metrics?.observe,
    },
  )
  metrics?.mount(router)
  const source = localTaskSource(context)
  let loop: WorkLoop | undefined
  let sweeper: Sweeper | undefined
  let server: Server | undefined

  const node: FlottaNode = {
    id: context.id,
    key: context.key,
    fingerprint: fingerprint(identity.document),
    router,
    async start() {
      const scratchFolder = join(workdir, 'jobs')
      const outbox = await Outbox.open({ folder: join(workdir, 'outbox'), terms: 'node' })
      const policy = { minimumRecords: 0, minimumCell: 0 }
      const runner = { source, executor, identity, policy, scratchFolder, outbox, datasourcesOf: () => [], logger }
      await deliverKept(runner, stopping.signal)
      loop = startWorkLoop({
        slots: options.workers ?? 2,
        waitS: 30,
        next: source.next,
        run: (task, signals) => runJob(task, runner, signals),
        logger,
      })
      sweeper = startSweeper(context)
      await context.selfCheck.start(options.healthcheckS ?? 3600)
    },
    async listen({ host, port, tls }) {
      server = createAppServer(appOf(router, options.url), tls)
      return listen(server, host, port)
    },
    async stop(graceMs = 30_000) {
      stopping.abort()
      const drained = loop?.stop(graceMs)
      context.selfCheck.stop()
      context.wakeUps.wakeAll()
      await sweeper?.stop()
      await drained
      if (server) await closeServer(server)
    },
    [Symbol.asyncDispose]: () => node.stop(),
  }
  return node
}

/** Makes the node known to its own store, as a component and with its projects. */
async function introduce({ store, id, key, name }: NodeContext, projects: NonNullable<NodeOptions['projects']>): Promise<void> {
  await store.components.register({ id, kind: 'node', name, key, state: 'active' })
  for (const project of projects) {
    await store.projects.ensure({
      id: makeId('prj', randomBytes(26)),
      name: project.name,
      tokenId: tokenId(project.token),
      tokenVerifier: tokenVerifier(project.token),
      state: 'active',
    })
  }
}

/** The routes at the root, and again below the path of the external URL: some proxies take their prefix away, others leave it. */
function appOf(router: Router, url: string | undefined): express.Express {
  const app = express()
  const prefix = url ? parseNodeUrl(url).prefix : ''
  if (prefix !== '') app.use(prefix, router)
  app.use(router)
  app.use((_request, response) => plainResponder(response).problem(problemOf('not_found')))
  return app
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), 2000)
  await closed
  clearTimeout(force)
}
