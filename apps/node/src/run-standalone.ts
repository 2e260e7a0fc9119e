import type { Running } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { Logger } from '@flotta/runtime'
import { withDemo } from './demo.ts'
import { runNode } from './run-node.ts'

/** Runs a node that is its own worker, over the configured data or over made-up data: for learning and tests, on one machine. */
export async function runStandalone(config: Config, logger: Logger): Promise<Running> {
  const demo = withDemo(config)
  const running = await runNode(demo.config, logger)
  if (demo.token !== undefined) {
    const url = `${config.node.tls ? 'https' : 'http'}://localhost:${running.port}`
    logger.info(`a project "demo" over made-up patients is ready: FLOTTA_URL=${url} FLOTTA_TOKEN=${demo.token}`)
  }
  return running
}
