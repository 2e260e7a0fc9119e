import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { FederatedSplitter, type Project, type Run } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedis, startRedis, type TestRedis } from '../../packages/distributed/test/support/redis.ts'
import { AppNetwork, type Sections } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { forestOf, forestSteps } from '../support/forest.ts'
import { Releasers } from '../support/releasers.ts'
import { madeUpTable } from '../support/tables.ts'

function train(project: Project): Promise<Run> {
  return project.submit(forestSteps({ nEstimators: 30, randomState: 7, splitter: FederatedSplitter({ randomState: 7 }) }))
}

describe.skipIf(!hasRedis)('a node that orders its jobs over Redis', () => {
  const acquired = new Releasers()
  let redis: TestRedis
  let network: AppNetwork
  let node: AppProcess
  let worker: AppProcess
  let project: Project
  let calm: string

  beforeAll(async () => {
    redis = acquired.use(await startRedis())
    const execution = { engine: 'bullmq', queue: { kind: 'redis', url: redis.url } }
    const sections: Sections = { execution, database: { dialect: 'sqlite', host: './node.db' } }
    network = acquired.use(await AppNetwork.create(sections))
    node = await network.startNode()
    const { folder } = network
    cpSync(join(folder, 'node', 'keys'), join(folder, 'worker', 'keys'), { recursive: true })
    const storage = { kind: 'file', path: join(folder, 'node', 'resources') }
    worker = await network.startWorkerOf('worker', { mode: 'node', join: { first: true }, execution, storage })
    const clients = [
      network.startClient('north', madeUpTable({ rows: 1500, seed: 1 })),
      network.startClient('south', madeUpTable({ rows: 1000, seed: 2, shift: 10 })),
    ]
    await Promise.all(clients.map((client) => client.said(/joined the node/)))
    project = await network.project()
  })
  afterAll(() => acquired[Symbol.asyncDispose]())

  /** What the node said last; what it says from here on is new. */
  const ordered = (from: number) => node.said(/job ordered of a worker/, from)

  it('has them done by a worker elsewhere', async () => {
    calm = await forestOf(await train(project))
    await worker.said(/job done/)
    expect(node.lines.join('\n')).toMatch(/job ordered of a worker/)
  })

  it.each([
    ['forgets everything', async () => redis.flush()],
    [
      'is killed, and comes back without anything',
      async () => {
        const begin = await redis.kill()
        await begin()
      },
    ],
  ])('ends a run with the same result when Redis %s while an order is in it', async (_, lose) => {
    // Nobody takes the order meanwhile.
    worker.kill('SIGSTOP')
    const from = node.lines.length
    const run = await train(project)
    await ordered(from)
    const finalize = (await run.status()).jobs.find(({ operation }) => operation === 'Aggregation')
    const kept = () => redis.keys(`*:${finalize?.id}`).then(({ length }) => length)
    await expect.poll(kept).toBe(1)
    // Nor does the node give it again before it is seen to be lost.
    node.kill('SIGSTOP')
    await lose()
    expect(await kept()).toBe(0)
    node.kill('SIGCONT')
    worker.kill('SIGCONT')
    expect(await forestOf(run)).toBe(calm)
    expect((await run.status()).jobs.map(({ status, attempts }) => [status, attempts])).toEqual(Array(3).fill(['COMPLETED', 1]))
  })

  it('ends a run with the same result when it is begun and ordered while Redis is away', async () => {
    const begin = await redis.kill()
    const from = node.lines.length
    const run = await train(project)
    await ordered(from)
    await begin()
    expect(await forestOf(run)).toBe(calm)
  })
})
