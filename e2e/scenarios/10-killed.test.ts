import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  Aggregation,
  Collect,
  connect,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  Parallel,
  Query,
  type Run,
  Select,
  TrainTest,
} from '@flotta/client-sdk'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 4000, seed: 1 })
const south = madeUpTable({ rows: 4000, seed: 2, shift: 10 })

async function train(network: AppNetwork): Promise<Run> {
  const workbench = await connect(network.url, { folder: join(network.folder, 'workbench') })
  const project = await workbench.project(network.token)
  const query = Query([Select(['age', 'weight', 'outcome']), FederatedSplitter()])
  const model = FederatedRandomForestClassifier({ nEstimators: 60, randomState: 1 })
  return project.submit([
    Parallel(TrainTest({ model, label: 'outcome', query }), Collect()),
    Finalize(Aggregation({ strategy: 'merge' })),
  ])
}

/** Resolves once both sites run their job. */
async function bothRun(run: Run): Promise<void> {
  const running = new Set<string>()
  for await (const { job } of run) {
    if (job?.status === 'RUNNING') running.add(job.id)
    if (running.size === 2) return
  }
}

describe('killed at the worst moment', () => {
  it('a site that finished while its node was dead, and then died too, delivers what it had, and does not compute again', async () => {
    await using network = await AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db' } })
    const node = await network.startNode()
    const clients = [network.startClient('north', north), network.startClient('south', south)]
    await Promise.all(clients.map((client) => client.said(/joined the node/)))
    const run = await train(network)
    await bothRun(run)
    node.kill('SIGKILL')
    await node.exited
    const outbox = join(network.folder, 'north', 'outbox')
    const finished = () => existsSync(outbox) && readdirSync(outbox).some((name) => name.endsWith('.json'))
    await expect.poll(finished, { timeout: 60_000 }).toBe(true)
    clients[0]!.kill('SIGKILL')
    await clients[0]!.exited
    await network.startNode()
    const again = network.startClient('north', north)
    await again.said(/delivered a result from before the restart/)
    const { model } = await run.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(120)
    const { jobs } = await run.status()
    const first = jobs.find(({ component }) => component.name === 'north')
    expect(first).toMatchObject({ status: 'COMPLETED', attempts: 1, failures: [] })
  }, 120_000)
})
