import { join } from 'node:path'
import { clientOf, type Running } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { Logger } from '@flotta/runtime'
import { runNode } from './run-node.ts'

/** Runs a node and a worker over the configured data in one process: for learning and tests. */
export async function runStandalone(config: Config, logger: Logger): Promise<Running> {
  const running = await runNode(config, logger)
  const nodeUrl = `http://127.0.0.1:${running.port}`
  const client = clientOf(config, running.executor, {
    nodeUrl,
    nodeModes: ['standalone'],
    folder: join(config.workdir, 'client'),
    logger: logger.with({ component: 'client' }),
  })
  if (config.datasources.length > 0) {
    client.start()
    client.joined().catch((error: unknown) => logger.error((error as Error).message))
  }
  return {
    async stop() {
      await client.stop()
      await running.stop()
    },
  }
}
