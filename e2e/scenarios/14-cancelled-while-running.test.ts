import {
  Aggregation,
  Collect,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  Parallel,
  Query,
  Select,
  TrainTest,
} from '@flotta/client-sdk'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { madeUpTable } from '../support/tables.ts'

/** Far longer than the test lasts. */
const training = TrainTest({
  model: FederatedRandomForestClassifier({ nEstimators: 10_000, randomState: 1 }),
  label: 'outcome',
  query: Query([Select(['age', 'weight', 'outcome']), FederatedSplitter()]),
})

describe('an artifact that is cancelled while a site works on it', () => {
  it('stops the worker at the next renewal of its lease, and its slot is free for others', async () => {
    await using network = await AppNetwork.create({ node: { lease: 2 } })
    await network.startNode()
    const client = network.startClient('north', madeUpTable({ rows: 20_000 }), { execution: { workers: 1 } })
    await client.said(/joined the node/)
    const project = await network.project()
    const run = await project.submit([Parallel(training, Collect()), Finalize(Aggregation({ strategy: 'merge' }))])
    for await (const { job } of run) if (job?.status === 'RUNNING') break
    expect(await run.cancel()).toBe('CANCELLED')
    await client.said(/the job is not wanted any more/)
    expect((await project.count()).count).toBe(20_000)
    expect((await run.status()).jobs.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED'])
  })
})
