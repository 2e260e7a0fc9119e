import { type ErrorCode, isFlottaError, type Task, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import { type InsistOptions, insist } from './insist.ts'
import type { Outbox, Parcel } from './outbox.ts'
import { passesForJob, passesForProduct } from './passing.ts'
import type { TaskSource } from './task-source.ts'

export interface DeliveryOptions {
  readonly source: TaskSource
  readonly outbox: Outbox
  readonly logger: Logger
  /** Which failures are waited out. @default all that say nothing of the product */
  readonly passes?: InsistOptions['passes']
}

/**
 * Brings a product to where it is wanted and completes its job, waiting for as long as nobody is there to take it. It rejects when the
 * node says that the job is not wanted, or that it takes no such product.
 *
 * @param more whether the worker would go on with another task
 * @returns the next task, where one was asked for and there is one
 */
export async function deliver(
  { task, sealed, work }: Parcel,
  { source, outbox, logger, passes = passesForProduct }: DeliveryOptions,
  signal: AbortSignal,
  more: () => boolean,
): Promise<Task | undefined> {
  const patience = { signal, logger, passes }
  if (sealed.kind === 'file') await insist('delivering a result', () => source.deliver(task, sealed, signal), patience)
  const next = await insist('completing a job', () => source.complete(task, sealed, work, more()), patience)
  await outbox.drop(task.jobId)
  return next
}

const unwanted: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['stale_lease', 'not_found', 'component_left'])

/** Whether an error says that a job has passed to somebody else or has ended. */
export function isUnwanted(error: unknown): boolean {
  return isFlottaError(error) && unwanted.has(error.code)
}

/**
 * Delivers what the process before this one had finished. What is not wanted now is kept for a while, since its job may be handed out again;
 * so is what the node fails to take, without waiting for that: other work must not wait for it.
 */
export async function deliverKept(options: DeliveryOptions, signal: AbortSignal): Promise<void> {
  const { outbox, logger } = options
  for (const parcel of outbox.parcels) {
    const { jobId, artifactId } = parcel.task
    try {
      await deliver(parcel, { ...options, passes: passesForJob }, signal, () => false)
      logger.info('delivered a result from before the restart', { jobId, artifactId })
    } catch (error) {
      if (signal.aborted) return
      if (isUnwanted(error)) outbox.markStale(jobId)
      else if (!isFlottaError(error) || !passesForProduct(error)) await outbox.drop(jobId)
      logger.warn(`a result from before the restart was not taken: ${toError(error).message}`, { jobId, artifactId })
    }
  }
}
