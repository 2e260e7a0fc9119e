import type { Server } from 'node:http'
import { join } from 'node:path'
import { type Outbound, parseNodeUrl } from '@flotta/client-sdk/transport'
import {
  type ComponentId,
  type ComponentKind,
  FlottaError,
  type KeyDocument,
  MAX_BREATH_S,
  problemOf,
  routes,
} from '@flotta/contract'
import { fingerprint, type Identity, tokenId, tokenVerifier } from '@flotta/crypto'
import express, { type Router } from 'express'
import { clockProbe, databaseProbe, migrationsProbe, resourcesProbe, SelfCheck } from '../health/self-check.ts'
import { closeServer, createAppServer, type ListenAddress, listen } from '../http/server.ts'
import type { BlobStorage } from '../ports/blob-storage.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import type { OfferedDatasource } from '../ports/offered-datasource.ts'
import type { OrderQueue } from '../ports/order-queue.ts'
import type { Store } from '../ports/store.ts'
import type { ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { createFileBlobStorage } from '../storage/file-blob-storage.ts'
import type { Admission } from './admission-mode.ts'
import { ComponentDirectory } from './component-directory.ts'
import { Breaths } from './http/breaths.ts'
import { createHandlers, type Handlers } from './http/handlers.ts'
import { createMetrics } from './http/metrics.ts'
import { type MountOptions, mountRoutes } from './http/mount-routes.ts'
import { ReplayWindow, sharedReplayWindow } from './http/replay-window.ts'
import { plainResponder } from './http/responder.ts'
import { joinReplicas } from './join-replicas.ts'
import { type JoinNetworkOptions, joinNetwork } from './network/join-network.ts'
import { leaveNetwork } from './network/leave-network.ts'
import { NodeList } from './network/node-list.ts'
import { derivedUrl } from './network/own-url.ts'
import { ownWork } from './network/own-work.ts'
import { Peers } from './network/peers.ts'
import { Relay } from './network/relay.ts'
import { announceNetwork, type NodeContext } from './node-context.ts'
import { Presence } from './presence.ts'
import { Questions } from './questions.ts'
import { lookWhenDelaysAreOver } from './retry-delay.ts'
import { approveComponent, blockComponent, createEnrolment, removeComponent } from './services/membership.ts'
import { projectIdOf } from './services/project-id.ts'
import { type Sweeper, startSweeper } from './sweeper.ts'
import { WakeUps } from './wake-ups.ts'

/** After as many heartbeats without a word a component is away. */
const HEARTBEATS_OF_SILENCE = 3
const DAY_MS = 24 * 60 * 60 * 1000

export interface NodeOptions {
  /** Where the node remembers; the caller opens and closes it. */
  readonly store: Store
  /** Runs the node's own jobs; the caller closes it. */
  readonly executor: TaskExecutor
  /** Where present, workers on other machines (`createWorker`) do the node's own jobs; the caller closes it. They share `blobs`. */
  readonly orders?: OrderQueue
  readonly identity: Identity
  /** Folder of this process alone, for the files of running jobs and finished products. */
  readonly workdir: string
  /** Where resources are, for all processes that serve the node. @default the folder `resources` of the workdir */
  readonly blobs?: BlobStorage
  readonly name?: string
  /** What it says it is; a standalone network is for one machine, and no other component joins it. @default 'node' */
  readonly mode?: 'node' | 'standalone'
  /** Its external URL. A path in it is where a proxy in front of it puts it; with or without that path, the node answers. */
  readonly url?: string
  /** How others are let in. @default 'project-token' */
  readonly admission?: Admission
  /** Proxy and authorities on the way to other nodes; the environment's unless told. */
  readonly outbound?: Outbound
  /** Tables that the node holds itself; it is then its own worker, and that of the other nodes. */
  readonly datasources?: readonly OfferedDatasource[]
  /** What it allows over its own tables. */
  readonly policy?: ReleasePolicy
  /** Projects that exist when the node starts. A token is only read here; what is stored can't be turned back into it. */
  readonly projects?: readonly { readonly name: string; readonly token: string }[]
  /** Seconds within which a client hears from its node, and looks at its tables. */
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
  /** Free space of the default `blobs` below which the node is not ready. */
  readonly minimumFreeBytes?: number
  /** Whether `/metrics` answers. */
  readonly metrics?: boolean
  readonly logger?: Logger
  readonly nowMs?: () => number
}

/** What an operator decides about others. */
export interface NodeAdmin {
  /** Lets in who waits for it, or was blocked; false where nobody did. */
  approve(id: ComponentId): Promise<boolean>
  /** Puts a component out: it is refused as if nobody knew it. */
  block(id: ComponentId): Promise<void>
  /** Takes a component out as if it had left by itself. */
  remove(id: ComponentId): Promise<void>
  /** Makes a token that lets one component of a kind in, once, within `lifeMs` (a day unless told). */
  enrol(kind: ComponentKind, lifeMs?: number): Promise<string>
}

export interface FlottaNode extends AsyncDisposable {
  readonly id: ComponentId
  readonly key: KeyDocument
  /** The node's key in short, to be read over the telephone. */
  readonly fingerprint: string
  /** The node's routes, to be mounted in an Express app at its root or under a path. */
  readonly router: Router
  /** What the operator may do. */
  readonly admin: NodeAdmin
  /** Starts to run the node's own jobs, to hand lapsed ones out again, and to follow the other nodes. */
  start(): Promise<void>
  /** Serves the router on a port of its own; answers the port, which is a free one for 0. */
  listen(address: ListenAddress): Promise<number>
  /**
   * Becomes a node of a network through one that is in it; resolves when it is one, which may take until an operator approves.
   *
   * @throws {FlottaError} `admission_refused`, `node_mismatch`, `node_unreachable`, `conflict`
   */
  join(through: JoinNetworkOptions): Promise<void>
  /**
   * Leaves the network: the other nodes are told. Joining again, it is the same node.
   *
   * @throws {FlottaError} `conflict` when there is no other node, `unavailable` when none could be told
   */
  leave(): Promise<void>
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
  const { store, identity, workdir, logger = silentLogger, nowMs = Date.now, heartbeatS = 10, clockSkewMs = 60_000 } = options
  const stopping = new AbortController()
  const blobs = options.blobs ?? (await createFileBlobStorage(join(workdir, 'resources'), options.minimumFreeBytes))
  const directory = new ComponentDirectory(store.components, options.operatorKeys)
  const wakeUps = new WakeUps()
  const context: NodeContext = {
    id: identity.id as ComponentId,
    key: identity.document as KeyDocument,
    name: options.name ?? 'flottaNode',
    mode: options.mode ?? 'node',
    identity,
    outbound: options.outbound ?? {},
    relay: new Relay(options.outbound ?? {}),
    admission: options.admission ?? 'project-token',
    store,
    blobs,
    wakeUps,
    nodes: new NodeList(identity.id as ComponentId, store, wakeUps),
    directory,
    selfCheck: new SelfCheck(
      [databaseProbe(store), migrationsProbe(store), clockProbe(store, nowMs, clockSkewMs), resourcesProbe(blobs)],
      logger,
    ),
    presence: new Presence(HEARTBEATS_OF_SILENCE * heartbeatS * 1000),
    questions: new Questions(wakeUps),
    logger,
    heartbeatS,
    leaseMs: options.leaseMs ?? 30_000,
    maxAttempts: options.maxAttempts ?? 3,
    maxResourceBytes: options.maxResourceBytes ?? 4 * 1024 ** 3,
    allowResourceDownload: options.allowResourceDownload ?? true,
    stopping: stopping.signal,
  }
  let url = options.url || undefined
  await requireOwnStore(context)
  await introduce(context, url, options.projects ?? [])
  const metrics = options.metrics ? createMetrics(store) : undefined
  const handlers: Handlers = createHandlers(context)
  const mounting: MountOptions = {
    identity,
    directory,
    replayWindow: store.replicas ? sharedReplayWindow(store.replicas) : new ReplayWindow(nowMs(), clockSkewMs),
    clockSkewMs,
    maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
    breaths: new Breaths(Math.min(heartbeatS, MAX_BREATH_S) * 1000),
    logger,
    nowMs,
    observe: metrics?.observe,
  }
  const router = mountRoutes({ routes, handlers }, mounting)
  metrics?.mount(router)
  const work = ownWork(context, options, stopping.signal)
  let joinedThrough: { readonly id: ComponentId; readonly url: string } | undefined
  const peers = new Peers(context, {
    nowMs,
    addressOf: (node) => (node.id === joinedThrough?.id ? joinedThrough.url : node.url),
    workFor: (connection, peer) => work.forPeer(connection, peer.id),
  })
  let sweeper: Sweeper | undefined
  let leaveReplicas: (() => void) | undefined
  let forgetDelays: (() => void) | undefined
  let server: Server | undefined

  const node: FlottaNode = {
    id: context.id,
    key: context.key,
    fingerprint: fingerprint(identity.document),
    router,
    admin: {
      approve: (id) => approveComponent(context, id),
      block: (id) => blockComponent(context, id),
      remove: (id) => removeComponent(context, id),
      enrol: (kind, lifeMs = DAY_MS) => createEnrolment(context, kind, lifeMs),
    },
    async start() {
      leaveReplicas = joinReplicas(context)
      forgetDelays = lookWhenDelaysAreOver(wakeUps)
      await work.start()
      peers.start()
      sweeper = startSweeper(context)
      await context.selfCheck.start(options.healthcheckS ?? 3600)
    },
    async listen({ host, port, tls }) {
      server = createAppServer(appOf(router, options.url), tls)
      const listening = await listen(server, { host, port })
      if (url === undefined) {
        url = derivedUrl(host, listening, tls === undefined ? 'http' : 'https')
        await introduce(context, url, [])
      }
      return listening
    },
    async join(through) {
      if (url === undefined) throw new TypeError('a node that joins others has to listen first, or to be told its url')
      joinedThrough = { id: await joinNetwork(context, url, through, workdir), url: through.url }
      announceNetwork(context)
    },
    leave: () => leaveNetwork(context),
    async stop(graceMs = 30_000) {
      stopping.abort()
      const drained = work.stop(graceMs)
      context.selfCheck.stop()
      leaveReplicas?.()
      forgetDelays?.()
      context.wakeUps.wakeAll()
      await drained
      await Promise.all([sweeper?.stop(), peers.stop()])
      if (server) await closeServer(server)
      await context.relay.close()
    },
    [Symbol.asyncDispose]: () => node.stop(),
  }
  return node
}

/**
 * A store remembers one node. Another key over it would plan on components that are not its own, and wait for jobs that nobody runs.
 *
 * @throws {FlottaError} `conflict`
 */
async function requireOwnStore({ store, id }: NodeContext): Promise<void> {
  const owner = await store.belongsTo(id)
  if (owner === id) return
  throw new FlottaError(
    'conflict',
    `The database belongs to the node ${owner}, and the key here is that of ${id}. Processes that serve one node share its keys: copy the folder keys of its workdir. A node of its own needs a database of its own.`,
  )
}

/** Makes the node known to its own store, as a component and with its projects. */
async function introduce(
  context: NodeContext,
  url: string | undefined,
  projects: NonNullable<NodeOptions['projects']>,
): Promise<void> {
  const { store, id, key, name } = context
  await store.components.register({ id, kind: 'node', name, key, url })
  for (const project of projects) {
    await store.projects.ensure({
      id: projectIdOf(tokenId(project.token)),
      name: project.name,
      tokenId: tokenId(project.token),
      tokenVerifier: tokenVerifier(project.token),
      state: 'active',
    })
  }
  announceNetwork(context)
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
