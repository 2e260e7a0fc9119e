import { setTimeout as after } from 'node:timers/promises'
import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type Job,
  type JobsOptions,
  withBackend,
} from 'bullmq'
import { Redis } from 'ioredis'
import type { QueueLocation } from './queue-location.ts'

/** What travels: an order, and whether it has been taken back. */
export interface OrderData {
  readonly order: string
  /** Tells this giving of the order from any other under the same id. */
  readonly given: string
  readonly withdrawn?: boolean
}

export type OrderJob = Pick<Job<OrderData, string>, 'id' | 'data' | 'returnvalue' | 'failedReason' | 'updateData' | 'remove'>

export interface Closable {
  close(): Promise<void>
}

export interface OrderWorker extends Closable {
  /** Takes no more orders; resolves when none is in work. `close` leaves those that are to others. */
  drain(): Promise<void>
}

export interface Orders extends Closable {
  add(name: string, data: OrderData, options: JobsOptions): Promise<unknown>
  getJob(id: string): Promise<OrderJob | undefined>
}

/** The part of BullMQ that orders need, which is the same over Redis and PostgreSQL. What goes wrong with a connection shows in its calls. */
export interface Bullmq extends Closable {
  orders(name: string): Orders
  /** Tells of each order that has ended. */
  events(name: string, ended: (id: string) => void): Closable
  /** @param silenceMs how long a worker may be silent before its orders go to another one */
  worker(name: string, work: (job: OrderJob) => Promise<string>, atOnce: number, silenceMs: number): OrderWorker
}

/** How often an order may bring down the worker that has it. */
const MAX_LOST_WORKERS = 2
const prefix = 'flotta'
const PATIENCE_MS = 2000

/** BullMQ over one of its databases. */
export function openBullmq(location: QueueLocation): Bullmq {
  switch (location.kind) {
    case 'redis': {
      const connections: Redis[] = []
      const connection = () => {
        // A command waits for the server as long as it is away; whoever has sent it may stop waiting.
        const made = new Redis(location.url(), { maxRetriesPerRequest: null }).on('error', ignore)
        connections.push(made)
        return made
      }
      return over(createRedisBackend, connection, () => {
        for (const each of connections) each.disconnect()
      })
    }
    case 'postgresql': {
      const { url, schema } = location
      const connection = () => ({ connectionString: url(), schema, migrate: true, application_name: 'flotta', max: 4 })
      return over(createPostgresBackend, connection, ignore)
    }
    default:
      return location satisfies never
  }
}

function over<B extends IQueueBackend, C>(factory: BackendFactory<B, C>, connection: () => C, closed: () => void): Bullmq {
  const { Queue, QueueEvents, Worker } = withBackend(factory)
  return {
    orders(name) {
      const queue = new Queue<OrderData, string>(name, { connection: connection(), prefix })
      queue.on('error', ignore)
      return {
        add: (...order) => queue.add(...order),
        getJob: (id) => queue.getJob(id),
        close: closeWhenReady(queue),
      }
    },
    events(name, ended) {
      const events = new QueueEvents(name, { connection: connection(), prefix })
      events.on('error', ignore)
      events.on('completed', ({ jobId }) => ended(jobId))
      events.on('failed', ({ jobId }) => ended(jobId))
      return { close: closeWhenReady(events) }
    },
    worker(name, work, concurrency, silenceMs) {
      const stalls = { lockDuration: silenceMs, stalledInterval: Math.ceil(silenceMs / 3), maxStalledCount: MAX_LOST_WORKERS }
      const worker = new Worker<OrderData, string>(name, work, { connection: connection(), prefix, concurrency, ...stalls })
      worker.on('error', ignore)
      return {
        drain: () => worker.pause(),
        close: closeWhenReady({ waitUntilReady: () => worker.waitUntilReady(), close: () => worker.close(true) }),
      }
    },
    close: async () => closed(),
  }
}

/** Closed before it is ready, it leaves connections behind that nobody closes; one whose server is away is not waited for. */
function closeWhenReady(closable: Closable & { waitUntilReady(): Promise<unknown> }): Closable['close'] {
  return async () => {
    const ready = closable.waitUntilReady().catch(ignore)
    await Promise.race([ready, after(PATIENCE_MS, undefined, { ref: false })])
    await closable.close()
  }
}

const ignore = () => undefined
