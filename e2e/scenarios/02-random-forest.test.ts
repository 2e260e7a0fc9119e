import {
  Aggregation,
  Collect,
  encodeModel,
  evaluate,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  LocalTable,
  Parallel,
  type Project,
  Query,
  Select,
  TrainTest,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

let network: Network

beforeAll(async () => {
  network = await startNetwork({
    sites: { north: madeUpTable({ rows: 300, seed: 1 }), south: madeUpTable({ rows: 200, seed: 2, shift: 10 }) },
  })
})
afterAll(() => network?.[Symbol.asyncDispose]())

const [header, ...rows] = madeUpTable({ rows: 200, seed: 3, shift: 5 })
  .trim()
  .split('\n')
  .map((line) => line.split(','))
const validation = new LocalTable(header!, rows)

function train(project: Project) {
  const query = Query([Select(['age', 'weight', 'outcome']), FederatedSplitter({ testSize: 0.25, randomState: 7 })])
  const model = FederatedRandomForestClassifier({ nEstimators: 20, minSamplesLeaf: 5, randomState: 7 })
  return project.submit([
    Parallel(TrainTest({ model, label: 'outcome', query }), Collect()),
    Finalize(Aggregation({ strategy: 'merge' })),
  ])
}

describe('a random forest over two sites', () => {
  it('the merged model predicts in the workbench, on rows that no site holds', async () => {
    const run = await train(await network.project())
    const { model } = await run.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(40)
    const { rocAuc, accuracy } = evaluate(model, validation, 'outcome')
    expect(rocAuc).toBeGreaterThan(0.9)
    expect(accuracy).toBeGreaterThan(0.8)
  })

  it('tells each change as it happens, ending with the artifact', async () => {
    const run = await train(await network.project())
    const events = []
    for await (const event of run) events.push(event)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    const finalize = events.filter(({ job }) => job?.operation === 'Aggregation').map(({ job }) => job?.status)
    expect(finalize.slice(-3)).toEqual(['READY', 'RUNNING', 'COMPLETED'])
    expect(events.at(-1)).toMatchObject({ job: null, artifactStatus: 'COMPLETED' })
  })

  it("the sites' own test metrics arrive, without any count of a confusion matrix (D3)", async () => {
    const run = await train(await network.project())
    await run.result()
    const jobs = await run.siteMetrics()
    expect(jobs.map(({ component, metrics }) => [component.name, metrics?.records, metrics?.testRecords]).sort()).toEqual([
      ['north', 300, 75],
      ['south', 200, 50],
    ])
    expect(JSON.stringify(jobs)).not.toContain('confusion')
  })

  it('the same seed gives the same model to the byte, whatever the timing (R16)', async () => {
    const project = await network.project()
    const runs = await Promise.all([train(project), train(project), train(project)])
    const models = await Promise.all(runs.map((run) => run.resultOf('RandomForestClassifier')))
    const [first, ...others] = models.map(({ model }) => Buffer.from(encodeModel(model)).toString('base64'))
    for (const other of others) expect(other === first).toBe(true)
  })
})
