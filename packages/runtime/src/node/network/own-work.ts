import { join } from 'node:path'
import type { NodeConnection } from '@flotta/client-sdk/transport'
import { Catalogue } from '../../client/catalogue.ts'
import type { OfferedDatasource } from '../../client/offered-datasource.ts'
import type { ReleasePolicy, TaskExecutor } from '../../ports/task-executor.ts'
import { httpTaskSource } from '../../worker/http-task-source.ts'
import type { JobRunnerOptions } from '../../worker/job-runner.ts'
import { clearScratch } from '../../worker/scratch.ts'
import type { TaskSource } from '../../worker/task-source.ts'
import { termsOf } from '../../worker/terms.ts'
import { workFor } from '../../worker/work-for.ts'
import type { WorkLoop } from '../../worker/work-loop.ts'
import { localTaskSource } from '../local-task-source.ts'
import type { NodeContext } from '../node-context.ts'
import { OwnData } from './own-data.ts'

const WAIT_S = 30

export interface OwnWorkOptions {
  readonly executor: TaskExecutor
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
  const job: Omit<JobRunnerOptions, 'source' | 'outbox'> = {
    executor,
    identity,
    policy,
    scratchFolder: join(workdir, 'jobs'),
    datasourcesOf: (projectId) => data.of(projectId),
    logger,
  }
  const terms = datasources.length === 0 ? 'node' : termsOf(policy, datasources)
  const loops = new Set<WorkLoop>()
  const workOn = (source: TaskSource, ...folder: string[]): WorkLoop => {
    const loop = workFor({ ...job, source, outbox: { folder: join(workdir, ...folder), terms }, slots: workers, waitS: WAIT_S })
    loops.add(loop)
    return loop
  }
  return {
    async start() {
      clearScratch(job.scratchFolder)
      await data.start()
      workOn(localTaskSource(context), 'outbox')
    },
    forPeer(connection, nodeId) {
      // Only who holds data has jobs from others.
      if (datasources.length === 0) return async () => undefined
      const loop = workOn(
        httpTaskSource((action) => action(connection)),
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
    },
  }
}
