import { executorOf } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { Logger } from '@flotta/runtime'
import { nodeOf, storeOf } from './run-node.ts'

/** Takes the first node out of its network: it tells those that have joined it, which its database knows. */
export async function leaveAsFirst(config: Config, logger: Logger): Promise<void> {
  await using store = await storeOf(config)
  await using executor = executorOf(config, logger)
  await using node = await nodeOf(config, { store, executor, logger })
  await node.leave()
  logger.info('left the network; started again with join.url, it comes back as the one it was')
}
