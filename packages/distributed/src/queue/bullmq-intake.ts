import { setTimeout as after } from 'node:timers/promises'
import type { OrderIntake, OrderService } from '@flotta/runtime/ports'
import { type OrderJob, openBullmq } from './bullmq.ts'
import type { QueueLocation } from './queue-location.ts'

/** So often a worker looks whether the order that it is at is still wanted, and still there. */
const LOOK_EVERY_MS = 1000

/**
 * The workers' end of the queue of one node; see `createOrderQueue`.
 *
 * @param silenceMs how long a worker may be silent before its orders go to another one: 15 s unless told
 */
export function createOrderIntake(location: QueueLocation, nodeId: string, silenceMs = 15_000): OrderIntake {
  const bullmq = openBullmq(location)
  const name = `flotta-${nodeId}`
  const queue = bullmq.orders(name)

  async function isWanted(id: string, given: string): Promise<boolean> {
    try {
      const job: OrderJob | undefined = await queue.getJob(id)
      return job?.data.given === given && job.data.withdrawn !== true
    } catch {
      // The queue is away: the work may still be wanted when it is back.
      return true
    }
  }

  return {
    serve(work, atOnce): OrderService {
      const answer = async ({ id, data }: OrderJob): Promise<string> => {
        if (data.withdrawn) return ''
        const unwanted = new AbortController()
        const timer = setInterval(async () => {
          if (!(await isWanted(id ?? '', data.given))) unwanted.abort()
        }, LOOK_EVERY_MS)
        try {
          return await work(data.order, unwanted.signal)
        } finally {
          clearInterval(timer)
        }
      }
      const worker = bullmq.worker(name, answer, atOnce, silenceMs)
      return {
        async stop(graceMs) {
          const graceOver = new AbortController()
          const drained = worker.drain().catch(() => undefined)
          await Promise.race([drained, after(graceMs, undefined, { signal: graceOver.signal }).catch(() => undefined)])
          graceOver.abort()
          await worker.close().catch(() => undefined)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await queue.close().catch(() => undefined)
      await bullmq.close()
    },
  }
}
