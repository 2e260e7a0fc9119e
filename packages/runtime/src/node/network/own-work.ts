import { join } from 'node:path'
import type { NodeConnection } from '@flotta/client-sdk/transport'
import { MAX_WAIT_S } from '@flotta/contract'
import { Catalogue } from '../../client/catalogue.ts'
import type { OfferedDatasource } from '../../ports/offered-datasource.ts'
import type { OrderQueue } from '../../ports/order-queue.ts'
import type { ReleasePolicy, TaskExecutor } from '../../ports/task-executor.ts'
import { httpTaskSource } from '../../worker/http-task-source.ts'
import { localEngine } from '../../worker/local-engine.ts'
import type { ProductEngine } from '../../worker/product-engine.ts'
import { queueEngine } from '../../worker/queue-engine.ts'
import { holdScratch } from '../../worker/scratch.ts'
import type { TaskSource } from '../../worker/task-source.ts'
import { termsOf } from '../../worker/terms.ts'
import { workFor } from '../../worker/work-for.ts'
import type { WorkLoop } from '../../worker/work-loop.ts'
import { localTaskSource } from '../local-task-source.ts'
import type { NodeContext } from '../node-context.ts'
import { requireStillWanted } from '../services/resources.ts'
import { OwnData } from './own-data.ts'

/** Of the node's own: a look now and then costs nothing here. */
const OWN_WAIT_S = 30
/** How many orders one process has out at once: the workers decide how many they do. */
const ORDERS_AT_ONCE = 100

export interface OwnWorkOptions {
  readonly executor: TaskExecutor
  /** Where present, the jobs that the node has planned for itself are done by workers behind it; over its own data it always works here. */
  readonly orders?: OrderQueue
  readonly workdir: string
  readonly datasources?: readonly OfferedDatasource[]
  readonly policy?: ReleasePolicy
  readonly workers?: number
}

/** The jobs that a node does itself: those that it has planned, and over its own data those of the other nodes. */
export interface OwnWork {
  start(): Promise<void>
  /** Does another node's jobs, over the request that it holds there; answers what ends that. */
  forPeer(connection: NodeConnection, nodeId: string): () => Promise<void>
  stop(graceMs: number): Promise<void>
}

export function ownWork(context: NodeContext, options: OwnWorkOptions, stopping: AbortSignal): OwnWork {
  const { executor, workdir, datasources = [], policy = { minimumRecords: 0, minimumCell: 0 }, workers = 2 } = options
  const { identity, logger } = context
  const catalogue = new Catalogue({ datasources, executor, policy, logger }, stopping)
  const data = new OwnData(context, datasources, () => catalogue.metadata())
  const scratchFolder = join(workdir, 'jobs')
  const here = localEngine({ executor, identity, policy, scratchFolder, datasourcesOf: (projectId) => data.of(projectId) })
  const throughQueue = (orders: OrderQueue) =>
    queueEngine(orders, { identity, store: context.store, requireStillWanted: (id) => requireStillWanted(context, id) })
  const terms = datasources.length === 0 ? 'node' : termsOf(policy, datasources)
  const loops = new Set<WorkLoop>()
  let release: (() => void) | undefined
  const workOn = (source: TaskSource, engine: ProductEngine, slots: number, waitS: number, ...folder: string[]): WorkLoop => {
    const outbox = { folder: join(workdir, ...folder), terms }
    const loop = workFor({ source, engine, outbox, slots, waitS, logger })
    loops.add(loop)
    return loop
  }
  return {
    async start() {
      release = holdScratch(scratchFolder)
      await data.start()
      const source = localTaskSource(context)
      if (options.orders === undefined) workOn(source, here, workers, OWN_WAIT_S, 'outbox')
      else workOn(source, throughQueue(options.orders), ORDERS_AT_ONCE, OWN_WAIT_S, 'outbox')
    },
    forPeer(connection, nodeId) {
      // Only who holds data has jobs from others.
      if (datasources.length === 0) return async () => undefined
      const loop = workOn(
        httpTaskSource((action) => action(connection)),
        here,
        workers,
        MAX_WAIT_S,
        'outboxes',
        nodeId,
      )
      return async () => {
        loops.delete(loop)
        await loop.stop(0)
      }
    },
    async stop(graceMs) {
      await Promise.all([...loops].map((loop) => loop.stop(graceMs)))
      await data.stop()
      release?.()
    },
  }
}
