import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  Aggregation,
  Collect,
  Count,
  Estimate,
  Finalize,
  type FlottaError,
  Parallel,
  type Project,
  Query,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

let network: Network
let project: Project

/** `few` has fewer records than its policy asks for, so its job always fails for good. */
const sites = {
  few: madeUpTable({ rows: 5 }),
  north: madeUpTable({ rows: 60 }),
  south: madeUpTable({ rows: 50, seed: 2 }),
}

beforeAll(async () => {
  network = await startNetwork({ sites, leaseMs: 3000 })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

const count = (quorum: { minWorkers?: number; timeoutS?: number }) =>
  project.submit([
    Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect(), quorum),
    Finalize(Aggregation({ strategy: 'merge' })),
  ])
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was answered')),
    (error: FlottaError) => error,
  )

describe('a step that does not need everybody', () => {
  it('goes on without a site that refuses, and says who took part', async () => {
    const run = await count({ minWorkers: 2, timeoutS: 60 })
    expect(await run.result()).toMatchObject({ count: 110, sites: 2 })
    const took = (await run.participants()).map(({ component, completed, failed }) => [component.name, completed, failed])
    expect(took.sort()).toEqual([
      ['few', 0, 1],
      ['north', 1, 0],
      ['south', 1, 0],
    ])
  })

  it('needs everybody unless told: the failure names site, step and operation', async () => {
    const run = await count({})
    const error = await refusal(run.result())
    expect(error).toMatchObject({
      code: 'disclosure_refused',
      message: expect.stringMatching(/^Estimate at few \(step 0\) failed: /),
    })
    const { failure } = await run.status()
    expect(failure).toMatchObject({
      code: 'disclosure_refused',
      job: { component: { name: 'few' }, stepIndex: 0, operation: 'Estimate' },
    })
    expect(failure?.job?.failures.map(({ code }) => code)).toEqual(['disclosure_refused'])
  })

  it('is refused when it can never be made', async () => {
    expect(await refusal(count({ minWorkers: 4 }))).toMatchObject({
      code: 'quorum_not_met',
      issues: [{ path: 'steps[0].minWorkers', message: '4 workers must complete the step; 3 offer data to the project' }],
    })
  })
})

describe('while a site is away', () => {
  /** Within it those who are there have to have ended, on a busy machine too. */
  const LIMIT_S = 4

  beforeAll(async () => {
    await network.clients[2]!.stop()
  })

  it('a time limit goes on with those who are there', async () => {
    const run = await count({ minWorkers: 1, timeoutS: LIMIT_S })
    expect(await run.result()).toMatchObject({ count: 60, sites: 1 })
    const south = (await run.participants()).find(({ component }) => component.name === 'south')
    expect(south).toMatchObject({ completed: 0, skipped: 1 })
  })

  it('a time limit that too few met ends the artifact with the figures and the names of who is missing', async () => {
    const error = await refusal((await count({ minWorkers: 2, timeoutS: LIMIT_S })).result())
    expect(error).toMatchObject({
      code: 'quorum_not_met',
      message: expect.stringMatching(
        new RegExp(`^Step 0 needs 2 of its 3 workers within ${LIMIT_S} s; 1 completed\\. Missing: (few, south|south, few)\\.$`),
      ),
    })
  })

  it('a wait ends when its time is over or its signal says so; the artifact goes on', async () => {
    const run = await count({ minWorkers: 2 })
    for await (const { artifactStatus } of run) if (artifactStatus === 'RUNNING') break
    expect(await refusal(run.result({ timeoutMs: 200 }))).toMatchObject({ code: 'wait_timeout' })
    const reason = new Error('not needed any more')
    expect(await refusal(run.result({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect((await run.status()).status).toBe('RUNNING')
    await run.cancel()
  })

  it('cancelling ends the artifact and every wait for it; again is the same as once', async () => {
    const run = await count({ minWorkers: 2 })
    const waiting = refusal(run.result())
    expect(await run.cancel()).toBe('CANCELLED')
    expect(await waiting).toMatchObject({ code: 'cancelled' })
    const view = await run.status()
    expect(await run.cancel()).toBe('CANCELLED')
    expect(await run.status()).toEqual(view)
    expect(view.jobs.some(({ status }) => status === 'CANCELLED')).toBe(true)
  })

  it('events are read on after any of them', async () => {
    const run = project.runs.at(-1)!
    const all = []
    for await (const event of run) all.push(event)
    const rest = []
    for await (const event of run.events({ after: 3 })) rest.push(event)
    expect(rest).toEqual(all.slice(3))
    expect(all.at(-1)).toMatchObject({ artifactStatus: 'CANCELLED', job: null })
  })

  it('what ended artifacts left is removed, but their released results', async () => {
    const views = await Promise.all(project.runs.map((run) => run.status()))
    const results = views.flatMap(({ result }) => (result ? [result.digest] : []))
    const jobs = await Promise.all(views.flatMap((view) => view.jobs).map(({ id }) => network.store.jobs.find(id)))
    const kept = async () => {
      const resources = await Promise.all(jobs.map((job) => network.store.jobs.findResource(job!.outputId)))
      return resources.flatMap((resource) => (resource?.stored?.content ? [resource.stored.digest] : [])).sort()
    }
    await expect.poll(kept).toEqual(results.sort())
    const files = readdirSync(join(network.folder, 'node', 'resources'), { recursive: true, withFileTypes: true })
    expect(files.filter((entry) => entry.isFile())).toEqual([])
  })
})
