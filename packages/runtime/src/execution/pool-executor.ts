import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { anySignal, TimeLimit } from '@flotta/client-sdk/transport'
import { toError } from '@flotta/contract'
import { Tinypool } from 'tinypool'
import type { TableSettings } from '../data/open-table.ts'
import type { Logger } from '../ports/logger.ts'
import type { DescribeOutcome, ExecutionOutcome, TaskExecutor } from '../ports/task-executor.ts'
import { describeByParts } from './describe-by-parts.ts'
import type { LargeTable } from './describe-table.ts'
import { type FailedOutcome, failed } from './failed-outcome.ts'
import { heapLimitMb, watchMemory } from './memory-watch.ts'
import type { WorkerMessage, WorkerRequest } from './worker-message.ts'

export interface PoolExecutorOptions {
  /** How many worker processes run at once; none runs before the first job, and idle ones end by themselves. */
  readonly workers: number
  /** Most memory that the data of a job may take; a worker process that takes more is ended. */
  readonly memoryMb: number
  /** Longest run of one job, from when a process has taken it; it may have waited for one as long as it took. */
  readonly timeoutMs: number
  /** How long an idle worker waits for the next job. @default 15 s */
  readonly idleTimeoutMs?: number
  /** Folder of the files that data sources are converted to once; without one, each worker process reads them anew. */
  readonly tableFolder?: string
  /** The program of a worker process. It comes from who embeds this, never from a task. @default the engine's own */
  readonly entry?: string
  readonly logger: Logger
}

/** With less the query engine can't convert a file of some dozen columns; a worker process has as much besides what a job may take. */
const MIN_ENGINE_MB = 96

/** How long a first job waits for a process that is started ahead. */
const PREPARE_MS = 10_000

/** How long another process is waited for before yet another one is asked for. */
const REPLACE_MS = 1000

export interface PoolExecutor extends TaskExecutor {
  /** Starts a worker process ahead of the first job, which then does not wait for it. Without a job it ends like every idle one. */
  prepare(): void
}

/** What a job threw arrives as a plain object from another process. */
function messageOf(error: unknown): string {
  const { message, stack } = (error ?? {}) as { message?: unknown; stack?: unknown }
  return String(stack ?? message ?? error)
}

/** The built entry, seen from the sources and from the build alike: a worker process loads JavaScript only. */
const workerEntry = fileURLToPath(new URL('../../dist/execution/task-worker.js', import.meta.url))

/**
 * Runs jobs in child processes: one that loops, exhausts memory, exits or aborts ends alone, and none of them ever holds a key or
 * an environment.
 */
export function createPoolExecutor(options: PoolExecutorOptions): PoolExecutor {
  const { workers, memoryMb, timeoutMs, idleTimeoutMs = 15_000, tableFolder, entry = workerEntry, logger } = options
  const pool = new Tinypool({
    runtime: 'child_process',
    // Small products are bytes.
    serialization: 'advanced',
    filename: entry,
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: idleTimeoutMs,
    env: {},
    execArgv: [`--max-old-space-size=${heapLimitMb(memoryMb)}`],
  })
  // The query engine takes half; the other half is for what is taken out of it, of which a quarter may stay for the next job.
  const tables: TableSettings = {
    folder: tableFolder,
    spillFolder: tableFolder && join(tableFolder, 'spill'),
    memoryMb: Math.max(MIN_ENGINE_MB, Math.floor(memoryMb / 2)),
    columnsMb: Math.floor(memoryMb / 8),
  }
  pool.on('error', (error: Error) => {
    logger.warn('an idle worker process ended', { reason: error.message })
    void replace()
  })
  // How processes ended that took too much: the end of each is an error of its own, with which the pool rejects the job.
  const outOfMemory = new WeakSet<Error>()
  const watch = watchMemory(
    memoryMb,
    () => pool.threads,
    (worker) => worker.once('error', (end: Error) => outOfMemory.add(end)),
  )

  // Who comes while the process is still starting waits for it: the pool would start another one for him.
  let prepared: Promise<unknown> = Promise.resolve()

  async function run<T>(request: WorkerRequest, signal: AbortSignal): Promise<T | FailedOutcome> {
    const message: WorkerMessage = { ...request, tables }
    using limit = new TimeLimit(timeoutMs)
    // The pool opens the channel of a job when a process takes it.
    const channel = { onMessage: () => limit.start() }
    try {
      return (await pool.run(message, { signal: anySignal([signal, limit.signal]), channel })) as T
    } catch (error) {
      void replace()
      if (signal.aborted) return failed('unavailable', 'the job was aborted')
      if (limit.signal.aborted) return failed('task_timeout', `the job ran longer than ${timeoutMs} ms`)
      return outOfMemory.has(toError(error))
        ? failed('out_of_memory', `the job took more than ${memoryMb} MB`)
        : failed('worker_crashed', messageOf(error))
    }
  }

  let replacing = false

  /** Where a process has ended jobs may wait for one, and the pool starts another one only when it is asked for something. */
  async function replace(): Promise<void> {
    if (replacing) return
    replacing = true
    while (pool.queueSize > 0 && pool.threads.length < workers) {
      await run<undefined>({ kind: 'prepare' }, AbortSignal.timeout(REPLACE_MS))
    }
    replacing = false
  }

  return {
    execute: (request, { signal }) => prepared.then(() => run<ExecutionOutcome>({ kind: 'execute', request }, signal)),
    describe: async (request, { signal }) => {
      await prepared
      return describeByParts({
        count: workers,
        unlessLarge: () => run<DescribeOutcome | LargeTable>({ kind: 'describe unless large', request }, signal),
        describe: (columns) => run<DescribeOutcome>({ kind: 'describe', request, columns }, signal),
      })
    },
    prepare() {
      prepared = run<undefined>({ kind: 'prepare' }, AbortSignal.timeout(PREPARE_MS))
    },
    async [Symbol.asyncDispose]() {
      watch.stop()
      await pool.destroy()
    },
  }
}
