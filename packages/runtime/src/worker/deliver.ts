import { isFlottaError, type Task, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import { insist } from './insist.ts'
import type { Outbox, Parcel } from './outbox.ts'
import type { TaskSource } from './task-source.ts'

export interface DeliveryOptions {
  readonly source: TaskSource
  readonly outbox: Outbox
  readonly logger: Logger
}

/**
 * Brings a product to where it is wanted and completes its job, waiting for as long as nobody is there to take it.
 *
 * @param more whether the worker would go on with another task
 * @returns the next task, where one was asked for and there is one
 */
export async function deliver(
  { task, sealed, work }: Parcel,
  { source, outbox, logger }: DeliveryOptions,
  signal: AbortSignal,
  more: () => boolean,
): Promise<Task | undefined> {
  if (sealed.kind === 'file') await insist('delivering a result', () => source.deliver(task, sealed, signal), { signal, logger })
  const next = await insist('completing a job', () => source.complete(task, sealed, work, more()), { signal, logger })
  await outbox.drop(task.jobId)
  return next
}

/** Whether an error says that a job has passed to somebody else or has ended. */
export function isUnwanted(error: unknown): boolean {
  return isFlottaError(error, 'stale_lease') || isFlottaError(error, 'not_found')
}

/** Delivers what the process before this one had finished. What is refused is kept for a while: its job may be handed out again. */
export async function deliverKept(options: DeliveryOptions, signal: AbortSignal): Promise<void> {
  const { outbox, logger } = options
  for (const parcel of outbox.parcels) {
    const { jobId, artifactId } = parcel.task
    try {
      await deliver(parcel, options, signal, () => false)
      logger.info('delivered a result from before the restart', { jobId, artifactId })
    } catch (error) {
      if (signal.aborted) return
      if (isUnwanted(error)) outbox.markStale(jobId)
      else await outbox.drop(jobId)
      logger.warn(`a result from before the restart was not taken: ${toError(error).message}`, { jobId, artifactId })
    }
  }
}
