import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { FlottaError } from '@flotta/contract'
import type { OrderQueue } from '@flotta/runtime/ports'
import { type OrderJob, openBullmq } from './bullmq.ts'
import type { QueueLocation } from './queue-location.ts'

/** The queue tells of answers as they come; so often it is looked at besides, for what it has lost or could not tell. */
const LOOK_EVERY_MS = 1000
/** How long an answer is kept for a process that takes over the job. */
const KEEP = { age: 600, count: 1000 }
const NAME = 'order'

/**
 * The node's end of the queue of one node.
 *
 * @param nodeId whose orders these are: workers with the key of another node hear of none
 */
export function createOrderQueue(location: QueueLocation, nodeId: string): OrderQueue {
  const bullmq = openBullmq(location)
  const name = `flotta-${nodeId}`
  const queue = bullmq.orders(name)
  const waiting = new Map<string, () => void>()
  const events = bullmq.events(name, (id) => waiting.get(id)?.())

  /** One look: the answer if there is one. Puts the order into the queue where it is not there. */
  async function look(id: string, order: string): Promise<string | undefined> {
    const job: OrderJob | undefined = await queue.getJob(id)
    if (job === undefined) {
      await queue.add(NAME, { order, given: randomUUID() }, { jobId: id, removeOnComplete: KEEP, removeOnFail: KEEP })
      return undefined
    }
    const { withdrawn } = job.data
    const ended = typeof job.returnvalue === 'string' || Boolean(job.failedReason)
    if (!ended) return undefined
    if (withdrawn) await job.remove()
    else if (typeof job.returnvalue === 'string') return job.returnvalue
    else {
      await job.remove()
      throw new FlottaError('worker_crashed', undefined, { cause: job.failedReason })
    }
    return undefined
  }

  return {
    async carry(id, order, signal) {
      const woken = new Wake()
      waiting.set(id, () => woken.wake())
      try {
        for (;;) {
          signal.throwIfAborted()
          const answer = await orAbort(look(id, order), signal).catch(rethrowKnown)
          if (answer !== undefined) return answer
          await woken.wait(LOOK_EVERY_MS, signal)
        }
      } finally {
        waiting.delete(id)
      }
    },
    async withdraw(id) {
      const job: OrderJob | undefined = await Promise.race([queue.getJob(id), after(LOOK_EVERY_MS, undefined, { ref: false })])
      if (job === undefined) return
      // A worker holds it: he looks at this mark.
      await job
        .remove()
        .catch(() => job.updateData({ ...job.data, withdrawn: true }))
        .catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([queue.close(), events.close()])
      await bullmq.close()
    },
  }

  function rethrowKnown(error: unknown): undefined {
    if (error instanceof FlottaError) throw error
    // The queue is away; the next look may find it.
    return undefined
  }
}

/** Rejects as soon as the signal aborts; a command to a server that is away may take for ever. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const settled = new AbortController()
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: settled.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    settled.abort()
  }
}

/** Somebody who sleeps until he is woken. */
class Wake {
  #woken = new AbortController()

  wake(): void {
    this.#woken.abort()
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    await after(ms, undefined, { signal: AbortSignal.any([this.#woken.signal, signal]) }).catch(() => undefined)
    this.#woken = new AbortController()
  }
}
