import { leaveThroughUrl, type Running, runClient } from '@flotta/client'
import type { Config } from '@flotta/config'
import type { Logger } from '@flotta/runtime'
import { leaveAsFirst } from './leave-as-first.ts'
import { runNode } from './run-node.ts'
import { runStandalone } from './run-standalone.ts'

/** Runs a component in the mode that its configuration names. */
export async function run(config: Config, logger: Logger): Promise<Running> {
  switch (config.mode) {
    case 'node':
      return runNode(config, logger)
    case 'client':
      return runClient(config, logger)
    case 'standalone':
      return runStandalone(config, logger)
    default:
      return config.mode satisfies never
  }
}

/** Takes a component out of its network. */
export function leave(config: Config, logger: Logger): Promise<void> {
  return config.join.url === '' ? leaveAsFirst(config, logger) : leaveThroughUrl(config, logger)
}
