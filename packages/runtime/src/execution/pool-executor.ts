import { createRequire } from 'node:module'
import { toError } from '@flotta/contract'
import { Tinypool } from 'tinypool'
import type { Logger } from '../ports/logger.ts'
import type { DescribeOutcome, ExecutionOutcome, TaskExecutor } from '../ports/task-executor.ts'
import { type FailedOutcome, failed } from './failed-outcome.ts'
import type { WorkerMessage } from './worker-message.ts'

export interface PoolExecutorOptions {
  /** How many worker processes run at once; none runs before the first job, and idle ones end by themselves. */
  readonly workers: number
  /** Most memory of one worker process; a job that takes more fails. */
  readonly memoryMb: number
  /** Longest run of one job. */
  readonly timeoutMs: number
  /** How long an idle worker waits for the next job. @default 60 s */
  readonly idleTimeoutMs?: number
  readonly logger: Logger
}

const TIMED_OUT = 'the time for the job is over'
const OUT_OF_MEMORY = 'the job took more memory than is allowed'

/**
 * Runs jobs in child processes: one that loops, exhausts memory, exits or aborts ends alone, and none of them ever holds a key or
 * an environment.
 */
export function createPoolExecutor(options: PoolExecutorOptions): TaskExecutor {
  const { workers, memoryMb, timeoutMs, idleTimeoutMs = 60_000, logger } = options
  const pool = new Tinypool({
    runtime: 'child_process',
    filename: createRequire(import.meta.url).resolve('@flotta/runtime/task-worker'),
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: idleTimeoutMs,
    env: {},
    execArgv: [`--max-old-space-size=${memoryMb}`],
    terminateTimeout: 5000,
  })
  const run = async <T>(message: WorkerMessage, signal: AbortSignal): Promise<T | FailedOutcome> => {
    const ended = new AbortController()
    const timer = setTimeout(() => ended.abort(TIMED_OUT), timeoutMs)
    try {
      return (await pool.run(message, { signal: AbortSignal.any([signal, ended.signal]) })) as T
    } catch (error) {
      logger.warn('a worker process ended before its job', { reason: toError(error).message })
      if (signal.aborted) return failed('unavailable', 'the job was aborted')
      if (ended.signal.reason === TIMED_OUT) return failed('task_timeout', `longer than ${timeoutMs} ms`)
      if (ended.signal.reason === OUT_OF_MEMORY) return failed('out_of_memory', `more than ${memoryMb} MB`)
      return failed('worker_crashed', toError(error).message)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    execute: (request, { signal }) => run<ExecutionOutcome>({ kind: 'execute', request }, signal),
    describe: (datasource, { signal }) => run<DescribeOutcome>({ kind: 'describe', datasource }, signal),
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
