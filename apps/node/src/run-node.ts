import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { executorOf, holding, identityOf, offerOf, outboundOf, type Running, tlsOf } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { KeyDocument } from '@flotta/contract'
import { openIdentity } from '@flotta/crypto'
import { createNode, type FlottaNode, type Logger, type OrderQueue, type Store, type TaskExecutor } from '@flotta/runtime'
import { openStore } from '@flotta/store'
import { OPERATOR_KEY_FILE } from './commands/operator-connection.ts'
import { databaseOf } from './database.ts'
import { ordersOf } from './queue.ts'
import { storageOf } from './storage.ts'

export interface RunningNode extends Running {
  readonly node: FlottaNode
  readonly port: number
  readonly executor: TaskExecutor
}

/** Runs an aggregation node by its configuration, with the tables that it may hold itself. */
export function runNode(config: Config, logger: Logger): Promise<RunningNode> {
  return holding(async (hold) => {
    const executor = hold(executorOf(config, logger))
    // What reads its own tables starts while the database is opened.
    if (config.datasources.length > 0) executor.prepare()
    const store = hold(await storeOf(config, true))
    const orders = await ordersOf(config, identityOf(config, config.workdir).id)
    if (orders !== undefined) hold(orders)
    const node = hold(await nodeOf(config, { store, executor, orders, logger }))
    await node.start()
    const port = await node.listen({ host: config.node.interface, port: config.node.port, ...tlsOf(config.node) })
    say(config, node, port, logger)
    if (!config.join.first) joinOthers(config, node, logger)
    return { node, port, executor }
  })
}

/** The database of a configuration, whose file may be in the workdir; `serving`: this process is to serve the node. */
export function storeOf({ workdir, database }: Config, serving = false): Promise<Store> {
  mkdirSync(workdir, { recursive: true, mode: 0o700 })
  return openStore({ database: databaseOf(database), migrate: database.migrate, serving })
}

interface NodeParts {
  readonly store: Store
  readonly executor: TaskExecutor
  readonly orders?: OrderQueue | undefined
  readonly logger: Logger
}

/** The node of a configuration; it does nothing yet. */
export async function nodeOf(config: Config, { store, executor, orders, logger }: NodeParts): Promise<FlottaNode> {
  const operator = openIdentity(join(config.workdir, 'keys'), { fileName: OPERATOR_KEY_FILE })
  return createNode({
    store,
    executor,
    ...(orders === undefined ? {} : { orders }),
    identity: identityOf(config, config.workdir),
    workdir: config.workdir,
    blobs: await storageOf(config),
    name: config.node.name,
    mode: config.mode === 'standalone' ? 'standalone' : 'node',
    url: config.node.url,
    admission: config.node.admission,
    outbound: outboundOf(config),
    datasources: config.datasources.map(offerOf),
    ...(config.datasources.length > 0 ? { policy: config.policy } : {}),
    projects: config.node.initialProjects.map(({ name, token }) => ({ name, token: token.reveal() })),
    heartbeatS: config.node.heartbeatS,
    leaseMs: config.node.leaseS * 1000,
    maxAttempts: config.node.maxAttempts,
    workers: config.execution.workers,
    allowResourceDownload: config.node.allowResourceDownload,
    maxBodyBytes: config.limits.maxBodyBytes,
    maxResourceBytes: config.storage.maxResourceMb * 1024 ** 2,
    clockSkewMs: config.exchange.clockSkewS * 1000,
    operatorKeys: [operator.document as KeyDocument],
    healthcheckS: config.node.healthcheckS,
    metrics: config.metrics.enabled,
    logger,
  })
}

/** Joins the network through `join.url`, in the background: the node serves its own clients meanwhile. */
function joinOthers({ join: joining, node: { initialProjects }, datasources }: Config, node: FlottaNode, logger: Logger): void {
  const tokens = [...initialProjects.map(({ token }) => token), ...datasources.flatMap((datasource) => datasource.tokens)]
  const through = {
    url: joining.url,
    fingerprint: joining.fingerprint,
    enrolmentToken: joining.enrolmentToken?.reveal(),
    tokens: [...new Set(tokens.map((token) => token.reveal()))],
  }
  node.join(through).catch((error: unknown) => logger.error(`this node is in no network: ${(error as Error).message}`))
}

function say(config: Config, node: FlottaNode, port: number, logger: Logger): void {
  logger.info(`node ${node.id} listens on ${config.node.tls ? 'https' : 'http'}://${config.node.interface}:${port}`)
  logger.info(`its fingerprint, for whoever joins: ${node.fingerprint}`)
  if (config.database.kind === 'memory') logger.info('its database is in memory: it forgets everything when it stops')
  if (config.node.initialProjects.length === 0) {
    logger.warn('there is no project yet: add one to node.token_projects_initial, so that data holders and researchers can join')
  }
}
