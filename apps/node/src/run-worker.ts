import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { executorOf, type Hold, holding, identityOf, type Running } from '@flotta/client'
import type { Config } from '@flotta/config'
import { FlottaError } from '@flotta/contract'
import { createWorker, type Logger } from '@flotta/runtime'
import { intakeOf } from './queue.ts'
import { storageOf } from './storage.ts'

/** Runs a worker of the node whose configuration this is: with its keys, its queue and its resources, and without its database. */
export function runWorker(config: Config, logger: Logger): Promise<Running> {
  return holding((hold) => startWorker(config, logger, hold))
}

async function startWorker(config: Config, logger: Logger, hold: Hold): Promise<object> {
  const keys = join(config.workdir, 'keys')
  if (!existsSync(join(keys, 'component.key')))
    throw new FlottaError('not_found', `There is no key of the node: copy the folder keys of its workdir to ${keys}.`)
  const identity = identityOf(config, config.workdir)
  const orders = await intakeOf(config, identity.id)
  if (orders === undefined)
    throw new FlottaError(
      'malformed_request',
      'A worker needs the queue of its node: execution.engine is local, expected bullmq.',
    )
  hold(orders)
  const blobs = await storageOf(config)
  await blobs.check()
  const executor = hold(executorOf(config, logger))
  const worker = createWorker({
    orders,
    blobs,
    executor,
    identity,
    workdir: config.workdir,
    workers: config.execution.workers,
    maxResourceBytes: config.storage.maxResourceMb * 1024 ** 2,
    logger,
  })
  hold(worker)
  await worker.start()
  logger.info(`a worker of node ${identity.id} takes its jobs, ${config.execution.workers} at once; it opens no port`)
  return {}
}
