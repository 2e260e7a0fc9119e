import { join } from 'node:path'
import { executorOf, type Running, readPem } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { KeyDocument } from '@flotta/contract'
import { openIdentity } from '@flotta/crypto'
import { createNode, type FlottaNode, type Logger, type TaskExecutor, type TlsCertificate } from '@flotta/runtime'
import { openStore } from '@flotta/store'
import { OPERATOR_KEY_FILE } from './commands/operator-connection.ts'
import { databaseOf } from './database.ts'

export interface RunningNode extends Running {
  readonly node: FlottaNode
  readonly port: number
  readonly executor: TaskExecutor
}

/** Runs an aggregation node by its configuration. */
export async function runNode(config: Config, logger: Logger): Promise<RunningNode> {
  const { signingKeyFile } = config.exchange
  const identity = openIdentity(join(config.workdir, 'keys'), signingKeyFile === undefined ? {} : { signingKeyFile })
  const operator = openIdentity(join(config.workdir, 'keys'), { fileName: OPERATOR_KEY_FILE })
  const store = await openStore({ database: databaseOf(config.database), migrate: config.database.migrate })
  const executor = executorOf(config, logger)
  const node = await createNode({
    store,
    executor,
    identity,
    workdir: config.workdir,
    name: config.node.name,
    mode: config.mode === 'standalone' ? 'standalone' : 'node',
    url: config.node.url,
    projects: config.node.initialProjects.map(({ name, token }) => ({ name, token: token.reveal() })),
    heartbeatS: config.node.heartbeatS,
    workers: config.execution.workers,
    allowResourceDownload: config.node.allowResourceDownload,
    maxBodyBytes: config.limits.maxBodyBytes,
    maxResourceBytes: config.storage.maxResourceMb * 1024 ** 2,
    clockSkewMs: config.exchange.clockSkewS * 1000,
    operatorKeys: [operator.document as KeyDocument],
    healthcheckS: config.node.healthcheckS,
    minimumFreeBytes: config.storage.minimumFreeMb * 1024 ** 2,
    metrics: config.metrics.enabled,
    logger,
  })
  await node.start()
  const port = await node.listen({ host: config.node.interface, port: config.node.port, ...tlsOf(config) })
  say(config, node, port, logger)
  return {
    node,
    port,
    executor,
    async stop() {
      await node.stop()
      await executor[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

function tlsOf({ node: { tls } }: Config): { readonly tls?: TlsCertificate } {
  if (tls === undefined) return {}
  const certificate = readPem(tls.certificateFile, 'node.tls.certificate')
  return { tls: { certificate, key: readPem(tls.keyFile, 'node.tls.key') } }
}

function say(config: Config, node: FlottaNode, port: number, logger: Logger): void {
  logger.info(`node ${node.id} listens on ${config.node.tls ? 'https' : 'http'}://${config.node.interface}:${port}`)
  logger.info(`its fingerprint, for whoever joins: ${node.fingerprint}`)
  if (config.database.kind === 'memory') logger.info('its database is in memory: it forgets everything when it stops')
  if (config.node.initialProjects.length === 0) {
    logger.warn('there is no project yet: add one to node.token_projects_initial, so that data holders and researchers can join')
  }
}
