import { anySignal } from '@flotta/client-sdk/transport'
import { failureFromUnknown, type Task, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import { deliver, isUnwanted } from './deliver.ts'
import { insist } from './insist.ts'
import type { Outbox } from './outbox.ts'
import { passesForProduct } from './passing.ts'
import type { ProductEngine } from './product-engine.ts'
import type { TaskSource } from './task-source.ts'
import type { WorkSignals } from './work-loop.ts'

export interface JobRunnerOptions {
  readonly source: TaskSource
  readonly engine: ProductEngine
  /** Where finished products wait for their delivery. */
  readonly outbox: Outbox
  readonly logger: Logger
}

export interface JobSignals extends WorkSignals {
  /** Aborts when the job has come again, under a later lease. */
  readonly replaced: AbortSignal
}

/**
 * Runs one task from its inputs to its delivered product, keeping the lease meanwhile; answers the next task, where the completion
 * brought one. It never rejects: a failure is reported to the source, a lost lease drops the work.
 */
export async function runJob(task: Task, options: JobRunnerOptions, signals: JobSignals): Promise<Task | undefined> {
  const logger = options.logger.with({ jobId: task.jobId, artifactId: task.artifactId, operation: task.operation.kind })
  const job = { ...options, logger }
  const lease = keepLease(task, options.source, signals)
  const startedAt = performance.now()
  logger.debug('job begun')
  try {
    const parcel = options.outbox.find(task) ?? (await job.engine(task, { ...job, signal: lease.signal }))
    const ms = Math.round(performance.now() - startedAt)
    const next = await deliver(parcel, job, lease.signal, () => !signals.draining.aborted)
    logger.info('job completed', { ms })
    return next
  } catch (error) {
    await reportFailure(task, error, job, signals.aborting)
    return undefined
  } finally {
    lease.end()
  }
}

async function reportFailure(
  task: Task,
  error: unknown,
  { source, outbox, logger }: JobRunnerOptions,
  stopping: AbortSignal,
): Promise<void> {
  if (isUnwanted(error)) {
    outbox.markStale(task.jobId)
    logger.warn('the job is not wanted any more; its work is dropped')
    return
  }
  if (stopping.aborted) {
    logger.warn('stopping before the job ended; it goes on after the next start')
    return
  }
  await outbox.drop(task.jobId)
  const failure = failureFromUnknown(error)
  logger.error(`job failed: ${failure.message}`, { code: failure.code, detail: detailOf(error) })
  const patience = { signal: stopping, logger, passes: passesForProduct }
  await insist('reporting a failure', () => source.fail(task, failure), patience).catch((reason: unknown) => {
    logger.warn(`the failure could not be reported: ${toError(reason).message}`)
  })
}

/** What only this machine's log may say: the cause of an error. */
function detailOf(error: unknown): string {
  const { cause, stack } = toError(error)
  return typeof cause === 'string' ? cause : cause instanceof Error ? String(cause.stack) : String(stack)
}

/** Renews a lease three times within its length; the signal aborts when it is lost or the worker stops. */
function keepLease(
  task: Task,
  source: TaskSource,
  { aborting, replaced }: JobSignals,
): { readonly signal: AbortSignal; end(): void } {
  const lost = new AbortController()
  const timer = setInterval(() => {
    source.renew(task).catch((error: unknown) => {
      if (isUnwanted(error)) lost.abort(error)
    })
  }, task.leaseMs / 3)
  return { signal: anySignal([lost.signal, replaced, aborting]), end: () => clearInterval(timer) }
}
