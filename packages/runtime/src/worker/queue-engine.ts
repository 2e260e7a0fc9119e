import { FlottaError, type ResourceId, type Task } from '@flotta/contract'
import { formatContentDigest, type Identity } from '@flotta/crypto'
import type { OrderQueue } from '../ports/order-queue.ts'
import type { JobStore } from '../ports/store.ts'
import { isUnwanted } from './deliver.ts'
import { answers, type Order, type OrderAnswer, readAnswer, writeOrder } from './order.ts'
import type { Parcel } from './outbox.ts'
import type { ProductEngine } from './product-engine.ts'
import type { SealedProduct } from './task-source.ts'

export interface QueueEngineOptions {
  readonly identity: Identity
  readonly store: { readonly jobs: Pick<JobStore, 'findResource'> }
  /** Rejects when a product that has just been stored is not wanted any more, and removes it. */
  readonly requireStillWanted: (resourceId: ResourceId) => Promise<void>
}

/**
 * Has the work of tasks done by workers behind a queue. The lease stays with the process that ordered: it renews it, and completes the job. If
 * that process dies, whoever claims the job next hears the answer to the same order.
 */
export function queueEngine(queue: OrderQueue, options: QueueEngineOptions): ProductEngine {
  const { identity, store, requireStillWanted } = options
  return async (task, { signal, logger }) => {
    const order = writeOrder(identity, await orderOf(task, store))
    logger.info('job ordered of a worker')
    try {
      for (;;) {
        const answer = readAnswer(identity, await queue.carry(task.jobId, order, signal))
        if (answer !== undefined && answers(answer, task)) {
          if (answer.result.kind === 'failed') await queue.withdraw(task.jobId)
          else await requireStillWanted(task.output.resourceId)
          return parcelOf(task, answer.result)
        }
        // It was for an earlier attempt, or nobody of this node has written it.
        await queue.withdraw(task.jobId)
      }
    } catch (error) {
      // A process that stops leaves the work to be found by the next one; what nobody wants is stopped.
      if (signal.aborted && isUnwanted(signal.reason)) await queue.withdraw(task.jobId)
      throw error
    }
  }
}

function parcelOf(task: Task, result: OrderAnswer['result']): Parcel {
  if (result.kind === 'failed')
    throw new FlottaError(result.failure.code, result.failure.message, { cause: 'the log of the worker tells more' })
  const { digest, bytes, content, metrics, stop } = result
  const contentDigest = formatContentDigest(Buffer.from(digest, 'hex'))
  const sealed: SealedProduct =
    content === null
      ? { kind: 'stored', bytes, digest, contentDigest }
      : { kind: 'content', content: Buffer.from(content, 'base64'), bytes, digest, contentDigest }
  return { task, sealed, work: { metrics, stop } }
}

/** The worker has no database: small products go with the order, of others it has to know the digest. */
async function orderOf(task: Task, { jobs }: QueueEngineOptions['store']): Promise<Order> {
  const contents = [...task.contents]
  const digests: Order['digests'] = []
  const known = new Set(contents.map(({ resourceId }) => resourceId))
  const read = [...task.inputs, ...task.used, ...(task.until ? [task.until.previous] : [])].map(({ resourceId }) => resourceId)
  for (const resourceId of new Set<ResourceId>(read)) {
    if (known.has(resourceId)) continue
    const stored = (await jobs.findResource(resourceId))?.stored
    if (stored == null) throw new FlottaError('not_found')
    if (stored.content === null) digests.push({ resourceId, digest: stored.digest })
    else contents.push({ resourceId, content: Buffer.from(stored.content).toString('base64') })
  }
  return { task: { ...task, contents }, digests }
}
