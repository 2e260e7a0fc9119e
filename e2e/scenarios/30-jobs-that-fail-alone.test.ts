import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FlottaError, Project, Run } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppNetwork, type Sections, urlOf } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { forestSteps } from '../support/forest.ts'
import { startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

const rows = 20_000
const table = madeUpTable({ rows })
/** One attempt, so that what fails has failed. */
const node = { lease: 6, max_attempts: 1 }

/** Far longer than the tests last. */
function trainForLong(project: Project): Promise<Run> {
  return project.submit(forestSteps({ nEstimators: 10_000 }))
}

/** Resolves once a component of this name runs its job. */
async function runsAt(run: Run, name?: string): Promise<void> {
  for await (const { job } of run) if (job?.status === 'RUNNING' && (name === undefined || job.component.name === name)) return
}

const failureOf = (run: Run): Promise<FlottaError> =>
  run.result().then(
    () => Promise.reject(new Error('it has a result')),
    (error: FlottaError) => error,
  )

/**
 * Ends the processes of a component's jobs until one was in the middle of a job, which a process that only starts is not: each time it
 * lets them go on for longer, so that on a busy machine too one of them gets there.
 */
async function failureByKilling(component: AppProcess, run: Run, signal: NodeJS.Signals): Promise<FlottaError> {
  const failed = new AbortController()
  const failure = failureOf(run).finally(() => failed.abort())
  for (let ms = 300; !failed.signal.aborted; ms *= 1.5) {
    await sleep(ms, undefined, { signal: failed.signal }).catch(() => undefined)
    if (!failed.signal.aborted) component.killWorkers(signal)
  }
  return failure
}

interface Place {
  /** Who runs the jobs. */
  readonly component: AppProcess
  readonly project: Project
}
const execution = { workers: 2 }
const places: Readonly<Record<string, (network: AppNetwork) => Promise<Place>>> = {
  async 'a client'(network) {
    await network.startNode()
    const component = network.startClient('north', table, { execution })
    await component.said(/joined the node/)
    return { component, project: await network.project() }
  },
  async 'a node with data of its own'(network) {
    const port = await freePort()
    const projects = { token_projects_initial: [{ name: 'alone', token: network.token }] }
    const datasources: Sections[] = [network.datasource('own', table)]
    const sections = { mode: 'standalone', execution, datasources, node: { ...node, ...projects } }
    const component = await network.startNodeOf('alone', port, sections)
    return { component, project: await network.project(urlOf(port)) }
  },
}

describe.each(Object.entries(places))('at %s, beside others, a job', (_, start) => {
  let network: AppNetwork
  let place: Place
  beforeAll(async () => {
    network = await AppNetwork.create({ node })
    place = await start(network)
    while ((await place.project.refresh()).records !== rows) await sleep(50)
  })
  afterAll(() => network[Symbol.asyncDispose]())

  it.each(['SIGABRT', 'SIGKILL'] as const)('whose process ends by %s fails alone; the component goes on', async (signal) => {
    const { project, component } = place
    const run = await trainForLong(project)
    await runsAt(run)
    expect(await failureByKilling(component, run, signal)).toMatchObject({ code: 'worker_crashed' })
    expect((await project.count()).count).toBe(rows)
    expect(component.running).toBe(true)
  })
})

describe('a job that never ends', () => {
  it('ends at its deadline, and others are done meanwhile and afterwards', async () => {
    await using network = await AppNetwork.create({ node })
    await network.startNode()
    await network.startClient('north', table, { execution: { workers: 2, timeout: 8 } }).said(/joined the node/)
    const project = await network.project()
    const run = await trainForLong(project)
    await runsAt(run)
    expect((await project.count()).count).toBe(rows)
    expect(await failureOf(run)).toMatchObject({ code: 'task_timeout' })
    expect((await project.count()).count).toBe(rows)
  })
})

describe('a job that fails for good', () => {
  it('ends the wait for its artifact at once, by component, step and cause, and the work of the others', async () => {
    await using network = await AppNetwork.create({ node })
    await network.startNode()
    const north = network.startClient('north', table)
    const south = network.startClient('south', table)
    await Promise.all([north, south].map((client) => client.said(/joined the node/)))
    const project = await network.project()
    await expect.poll(async () => (await project.refresh()).records).toBe(2 * rows)
    const run = await trainForLong(project)
    await Promise.all([runsAt(run, 'north'), runsAt(run, 'south')])
    const { code, message } = await failureByKilling(north, run, 'SIGKILL')
    expect(code).toBe('worker_crashed')
    expect(message).toMatch(/^TrainTest at north \(step 0\) failed: The process that ran the job ended unexpectedly\./)
    const { jobs, failure } = await run.status()
    expect(jobs.map(({ status }) => status)).toEqual(expect.arrayContaining(['FAILED', 'CANCELLED', 'CANCELLED']))
    expect(failure).toMatchObject({ job: { component: { name: 'north' }, stepIndex: 0, operation: 'TrainTest' } })
    await south.said(/the job is not wanted any more/)
  })
})

describe('a stored product that is lost before the job that reads it', () => {
  it('fails that job at once, with words about what is gone', async () => {
    await using network = await startNetwork({
      sites: { north: madeUpTable({ rows: 1500 }), south: madeUpTable({ rows: 1500 }) },
    })
    const project = await network.project()
    await network.clients[1]!.stop()
    const run = await project.submit(forestSteps({ nEstimators: 60 }))
    for await (const { job } of run) if (job?.status === 'COMPLETED') break
    await rm(join(network.folder, 'node', 'resources'), { recursive: true })
    await network.site('south', madeUpTable({ rows: 1500 }), network.url)
    expect(await failureOf(run)).toMatchObject({
      code: 'invalid_resource',
      message: expect.stringMatching(/Aggregation at .*gone from the storage/),
    })
    expect((await run.status()).jobs.map(({ failures }) => failures.map(({ code }) => code))).toEqual([
      [],
      [],
      ['invalid_resource'],
    ])
  })
})
