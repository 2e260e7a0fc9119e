import {
  Aggregation,
  Arrange,
  Collect,
  Count,
  DirectToNext,
  Distribute,
  Estimate,
  Finalize,
  Initialize,
  Iterate,
  type JobView,
  Mean,
  Parallel,
  Pass,
  type Project,
  Query,
  RoundRobin,
  Sequential,
  type Step,
  ToNextInRing,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

/** One of them has two tables of the project: it does one job a step for both (E4). */
const sites = {
  north: [madeUpTable({ rows: 30 }), madeUpTable({ rows: 30, seed: 2 })],
  south: madeUpTable({ rows: 50 }),
  west: madeUpTable({ rows: 40 }),
}
const records = 150
let network: Network
let project: Project

beforeAll(async () => {
  network = await startNetwork({ sites })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

/** A count that the node holds and that the steps after it can hand round. */
const counted = [
  Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
]

async function resultOf(steps: readonly Step[]) {
  const run = await project.submit(steps)
  const result = await run.result()
  const { jobs } = await run.status()
  return { result, jobs }
}

/** How many jobs each component did. */
function tally(jobs: readonly JobView[]): Record<string, number> {
  const done: Record<string, number> = {}
  for (const { component, status } of jobs) {
    if (status !== 'COMPLETED') continue
    const name = component.name in sites ? component.name : 'node'
    done[name] = (done[name] ?? 0) + 1
  }
  return done
}

const oneEach = { north: 1, south: 1, west: 1 }

describe('a plan of each kind of step and distribution, over three sites', () => {
  it.each<[string, Step[], Record<string, number>]>([
    ['Parallel, each on what the node made', [Parallel(Pass(), Collect()), Finalize(Pass())], { ...oneEach, node: 1 }],
    ['Sequential, from site to site', [Sequential(Pass()), Finalize(Pass())], { ...oneEach, node: 1 }],
    [
      'RoundRobin, three products at three sites',
      [RoundRobin(Pass()), Finalize(Pass())],
      { north: 3, south: 3, west: 3, node: 1 },
    ],
    [
      'Arrange, DirectToNext, Distribute and the ring, from site to site',
      [
        Parallel(Pass(), Arrange()),
        Parallel(Pass(), DirectToNext()),
        Parallel(Pass(), Distribute()),
        Parallel(Pass(), ToNextInRing()),
        Parallel(Pass(), Collect()),
        Finalize(Pass()),
      ],
      { north: 5, south: 5, west: 5, node: 1 },
    ],
    [
      'Iterate within Iterate, and steps after it',
      [
        Iterate(2, [Iterate(2, [Parallel(Pass(), Arrange())], { distribution: Collect() }), Finalize(Pass())]),
        Sequential(Pass(), { distribution: Distribute() }),
        Parallel(Pass(), Collect()),
        Finalize(Pass()),
      ],
      { north: 6, south: 6, west: 6, node: 3 },
    ],
  ])('hands the product of the node on, unchanged: %s', async (_, steps, expected) => {
    const { result, jobs } = await resultOf([...counted, ...steps])
    expect(result).toEqual({ kind: 'Count', count: records, sites: 3 })
    const { node = 0, ...done } = tally(jobs)
    const { node: atNode = 0, ...atSites } = expected
    expect(done).toEqual(Object.fromEntries(Object.entries(atSites).map(([name, jobsThere]) => [name, jobsThere + 1])))
    expect(node).toBe(atNode + 1)
  })

  it('Initialize alone, and with a Finalize that uses it, produce nothing', async () => {
    expect((await resultOf([Initialize(Pass())])).result).toEqual({ kind: 'Empty' })
    const steps = [Initialize(Pass()), Sequential(Pass()), Finalize(Pass(), { uses: [0] })]
    expect((await resultOf(steps)).result).toEqual({ kind: 'Empty' })
  })

  it('sites use what the node made once, beside what they are handed', async () => {
    const steps = [
      ...counted,
      Parallel(Pass(), Arrange(), { uses: [1] }),
      Parallel(Pass(), Collect(), { uses: [1] }),
      Finalize(Pass()),
    ]
    expect((await resultOf(steps)).result).toMatchObject({ count: records })
  })

  it('products that differ are combined by nobody who only hands on', async () => {
    const mean = Parallel(Estimate({ estimator: Mean({ features: ['age'] }), query: Query([]) }), Arrange())
    const refused = project.submit([mean, Parallel(Pass(), Collect()), Finalize(Pass())])
    await expect(refused).rejects.toMatchObject({ code: 'invalid_artifact' })
    const merged = await resultOf([mean, Parallel(Pass(), Collect()), Finalize(Aggregation({ strategy: 'merge' }))])
    expect(merged.result).toMatchObject({ kind: 'Mean', sites: 3, means: [{ name: 'age', count: records }] })
  })
})
