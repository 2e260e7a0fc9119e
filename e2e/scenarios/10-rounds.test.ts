import {
  Aggregation,
  Collect,
  Converged,
  Estimate,
  Finalize,
  Iterate,
  Mean,
  Parallel,
  Pass,
  type Project,
  Query,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

let network: Network
let project: Project

beforeAll(async () => {
  network = await startNetwork({ sites: { north: madeUpTable({ rows: 60 }), south: madeUpTable({ rows: 50, shift: 5 }) } })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

const estimate = Estimate({ estimator: Mean({ features: ['age'] }), query: Query([]) })
/** A round whose result is the same each time: converged in the second. */
const round = [Parallel(estimate, Collect()), Finalize(Aggregation({ strategy: 'merge' }))]
const rounds = Iterate(6, round, { until: Converged(1e-6) })

async function ended(steps: Parameters<Project['submit']>[0]) {
  const run = await project.submit(steps)
  const statuses = new Map<string, string>()
  for await (const { job } of run) if (job) statuses.set(job.id, job.status)
  const { jobs, status } = await run.status()
  return { result: await run.result(), status, jobs: jobs.map((job) => job.status), told: jobs.map(({ id }) => statuses.get(id)) }
}

describe('rounds that end early', () => {
  it('skip what would have followed, and release the product of their last round', async () => {
    const mean = await project.mean(['age'])
    const { result, status, jobs, told } = await ended([rounds])
    expect(status).toBe('COMPLETED')
    expect(jobs).toEqual([...Array(6).fill('COMPLETED'), ...Array(12).fill('SKIPPED')])
    expect(told).toEqual(jobs)
    expect(result).toEqual(mean)
  })

  it('go on with the steps after them', async () => {
    const mean = await project.mean(['age'])
    const { result, jobs } = await ended([rounds, Parallel(Pass(), Collect()), Finalize(Pass())])
    expect(jobs).toEqual([...Array(6).fill('COMPLETED'), ...Array(12).fill('SKIPPED'), ...Array(3).fill('COMPLETED')])
    expect(result).toEqual(mean)
  })

  it('end within rounds, each time anew', async () => {
    const { jobs } = await ended([Iterate(2, [Iterate(3, round, { until: Converged(1e-6) }), Finalize(Pass())])])
    const outer = [...Array(6).fill('COMPLETED'), ...Array(3).fill('SKIPPED'), 'COMPLETED']
    expect(jobs).toEqual([...outer, ...outer])
  })

  it('are all done where nothing ends them', async () => {
    const { jobs } = await ended([Iterate(3, round)])
    expect(jobs).toEqual(Array(9).fill('COMPLETED'))
  })
})
