import { join } from 'node:path'
import type { Config } from '@flotta/config'
import { type Identity, openIdentity } from '@flotta/crypto'
import {
  createClient,
  createPoolExecutor,
  type FlottaClient,
  type Logger,
  leaveThrough,
  type PoolExecutor,
  pruneStoredTables,
  type TaskExecutor,
} from '@flotta/runtime'
import { healthFile } from './health-file.ts'
import { holding, type Running } from './holding.ts'
import { offerOf } from './offer.ts'
import { outboundOf, tlsOf } from './outbound.ts'

/** Runs a client by its configuration. */
export function runClient(config: Config, logger: Logger): Promise<Running> {
  return holding(async (hold) => {
    const executor = hold(executorOf(config, logger))
    executor.prepare()
    pruneStoredTables(
      tableFolder(config),
      config.datasources.map((datasource) => offerOf(datasource).source()),
    )
    const client = hold(clientOf(config, executor, { nodeUrl: config.join.url ?? '', folder: config.workdir, logger }))
    const port = await maintenancePort(config, client)
    logger.info(`client ${client.id} looks for its node at ${config.join.url}; ${port}`)
    client.start()
    client.joined().catch((error: unknown) => logger.error((error as Error).message))
    return {}
  })
}

/** Opens the port for its owner where he has set one, and says so. */
async function maintenancePort({ maintenance, node, metrics }: Config, client: FlottaClient): Promise<string> {
  if (maintenance === undefined) return 'it opens no port'
  const { interface: host, port } = maintenance
  const address = `${node.tls ? 'https' : 'http'}://${host}:${await client.listen({ host, port, ...tlsOf(node) })}`
  return `it answers its owner at ${address}: /healthz, /readyz${metrics.enabled ? ', /metrics' : ''}`
}

/** Takes a component that joined through `join.url` out of its network. */
export async function leaveThroughUrl(config: Config, logger: Logger): Promise<void> {
  const { url, fingerprint } = config.join
  const { workdir } = config
  await leaveThrough({ url, fingerprint, identity: identityOf(config, workdir), outbound: outboundOf(config), workdir })
  logger.info(`left the network of ${url}; started again, it comes back as the one it was`)
}

/** The keys of a component, in `folder`. */
export function identityOf({ exchange: { signingKeyFile } }: Config, folder: string): Identity {
  return openIdentity(join(folder, 'keys'), signingKeyFile === undefined ? {} : { signingKeyFile })
}

/** The worker pool of a configuration. */
export function executorOf(config: Config, logger: Logger): PoolExecutor {
  const { execution } = config
  return createPoolExecutor({
    workers: execution.workers,
    memoryMb: execution.memoryMb,
    timeoutMs: execution.timeoutS * 1000,
    tableFolder: tableFolder(config),
    logger,
  })
}

/** Where the tables of the data sources are kept in the engine's own format. */
function tableFolder({ workdir }: Config): string {
  return join(workdir, 'tables')
}

/** A client by its configuration, with its keys in `folder`. */
export function clientOf(
  config: Config,
  executor: TaskExecutor,
  { nodeUrl, folder, logger }: { readonly nodeUrl: string; readonly folder: string; readonly logger: Logger },
): FlottaClient {
  return createClient({
    nodeUrl,
    fingerprint: config.join.fingerprint,
    enrolmentToken: config.join.enrolmentToken?.reveal(),
    outbound: outboundOf(config),
    identity: identityOf(config, folder),
    name: config.node.name,
    workdir: folder,
    datasources: config.datasources.map(offerOf),
    executor,
    policy: config.policy,
    workers: config.execution.workers,
    healthcheckS: config.node.healthcheckS,
    minimumFreeBytes: config.storage.minimumFreeMb * 1024 ** 2,
    healthFile: healthFile(config),
    metrics: config.metrics.enabled,
    logger,
  })
}
