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
  close(force?: boolean): Promise<void>
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
  worker(name: string, work: (job: OrderJob) => Promise<string>, atOnce: number): Closable
}

/** A worker that has been silent for so long is gone: its orders go to another one. */
const LOCK_MS = 15_000
/** How often an order may bring down the worker that has it. */
const MAX_LOST_WORKERS = 2
const stalls = { lockDuration: LOCK_MS, stalledInterval: LOCK_MS / 3, maxStalledCount: MAX_LOST_WORKERS }
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
    worker(name, work, concurrency) {
      const worker = new Worker<OrderData, string>(name, work, { connection: connection(), prefix, concurrency, ...stalls })
      worker.on('error', ignore)
      return { close: closeWhenReady(worker) }
    },
    close: async () => closed(),
  }
}

/** Closed before it is ready, it leaves connections behind that nobody closes; one whose server is away is not waited for. */
function closeWhenReady(closable: Closable & { waitUntilReady(): Promise<unknown> }): Closable['close'] {
  return async (force) => {
    const ready = closable.waitUntilReady().catch(ignore)
    await Promise.race([ready, after(PATIENCE_MS, undefined, { ref: false })])
    await closable.close(force)
  }
}

const ignore = () => undefined
