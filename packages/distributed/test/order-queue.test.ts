import { randomUUID } from 'node:crypto'
import type { OrderIntake, OrderQueue } from '@flotta/runtime/ports'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../../store/test/support/postgres.ts'
import { createOrderIntake, createOrderQueue, type QueueLocation } from '../src/queue/index.ts'
import { hasRedis, startRedis, type TestRedis } from './support/redis.ts'

interface TestQueue {
  readonly location: QueueLocation
  /** Takes everything out of the queue. */
  lose(): Promise<void>
  end(): Promise<void>
}

async function overPostgresql(): Promise<TestQueue> {
  const server: TestPostgres = await startPostgres()
  const { host, port, username, password, database } = server
  const connectionString = `postgresql://${username}:${password}@${host}:${port}/${database}`
  return {
    location: { kind: 'postgresql', url: () => connectionString, schema: 'orders' },
    async lose() {
      const client = new pg.Client({ connectionString })
      await client.connect()
      await client.query('TRUNCATE orders.job CASCADE')
      await client.end()
    },
    end: async () => server[Symbol.asyncDispose](),
  }
}

let redis: TestRedis | undefined
async function overRedis(): Promise<TestQueue> {
  const server = await startRedis()
  redis = server
  return {
    location: { kind: 'redis', url: () => server.url },
    lose: () => server.flush(),
    end: async () => server[Symbol.asyncDispose](),
  }
}

const never = new AbortController().signal

describe.each([
  { name: 'PostgreSQL', open: overPostgresql, there: true },
  { name: 'Redis', open: overRedis, there: hasRedis },
])('orders through BullMQ over $name', ({ name, open, there }) => {
  describe.skipIf(!there)('', () => {
    let server: TestQueue
    let queue: OrderQueue
    let intake: OrderIntake
    beforeAll(async () => {
      server = await open()
    })
    afterAll(() => server?.end())
    beforeEach(() => {
      const node = `cmp_${randomUUID()}`
      queue = createOrderQueue(server.location, node)
      intake = createOrderIntake(server.location, node)
    })
    afterEach(async () => {
      await queue[Symbol.asyncDispose]()
      await intake[Symbol.asyncDispose]()
    })

    it('are answered by a worker, also when it comes later; under the same id the answer is kept', async () => {
      const asked = [queue.carry('a', 'one', never), queue.carry('b', 'two', never)]
      const done: string[] = []
      const service = intake.serve(async (order) => {
        done.push(order)
        return `${order} done`
      }, 2)
      expect(await Promise.all(asked)).toEqual(['one done', 'two done'])
      expect(await queue.carry('a', 'one', never)).toBe('one done')
      await queue.withdraw('a')
      expect(await queue.carry('a', 'again', never)).toBe('again done')
      expect(done.sort()).toEqual(['again', 'one', 'two'])
      await service.stop(1000)
    })

    it('are stopped at the worker when they are withdrawn, and may be given again', async () => {
      let begun = 0
      let stopped = 0
      const service = intake.serve((order, signal) => {
        if (order === 'short') return Promise.resolve('done')
        begun++
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            stopped++
            resolve('stopped')
          }),
        )
      }, 1)
      const waiting = new AbortController()
      const asked = queue.carry('a', 'long', waiting.signal)
      await expect.poll(() => begun).toBe(1)
      waiting.abort(new Error('not wanted'))
      await expect(asked).rejects.toThrow('not wanted')
      await queue.withdraw('a')
      expect(await queue.carry('a', 'short', never)).toBe('done')
      expect(stopped).toBe(1)
      await service.stop(1000)
    })

    it('are given again when the queue has lost them, waiting or in work', async () => {
      const begun: string[] = []
      const service = intake.serve((order, signal) => {
        begun.push(order)
        if (begun.length > 1) return Promise.resolve(`${order} done`)
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve('lost')))
      }, 1)
      const asked = [queue.carry('a', 'one', never), queue.carry('b', 'two', never)]
      await expect.poll(() => begun.length).toBe(1)
      await server.lose()
      expect(await Promise.all(asked)).toEqual(['one done', 'two done'])
      await service.stop(1000)
    })

    it('go to another worker when the one that has them falls silent', async () => {
      const node = `cmp_${randomUUID()}`
      await using orders = createOrderQueue(server.location, node)
      await using silent = createOrderIntake(server.location, node, 1000)
      await using another = createOrderIntake(server.location, node, 1000)
      let begun = false
      const service = silent.serve(() => {
        begun = true
        return new Promise(() => undefined)
      }, 1)
      const asked = orders.carry('a', 'one', never)
      await expect.poll(() => begun).toBe(true)
      // It leaves without a word.
      await service.stop(0)
      const next = another.serve(async (order) => `${order} done`, 1)
      expect(await asked).toBe('one done')
      await next.stop(1000)
    })

    it.skipIf(name !== 'Redis')('outlive that the server is killed and comes back without anything', async () => {
      const begin = await redis!.kill()
      const asked = queue.carry('a', 'one', never)
      const service = intake.serve(async (order) => `${order} done`, 1)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await begin()
      expect(await asked).toBe('one done')
      await service.stop(1000)
    })
  })
})
