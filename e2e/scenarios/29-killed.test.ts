import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Aggregation,
  Collect,
  Count,
  connect,
  Estimate,
  Finalize,
  Parallel,
  type Project,
  Query,
  type Run,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../packages/store/src/database.ts'
import { startPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork, urlOf } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { type DatabaseBeside, postgresBeside, sqliteBeside } from '../support/database-beside.ts'
import { forestSteps } from '../support/forest.ts'
import { Releasers } from '../support/releasers.ts'
import { madeUpTable } from '../support/tables.ts'
import { Tap } from '../support/tap.ts'

const tables = { north: madeUpTable({ rows: 4000, seed: 1 }), south: madeUpTable({ rows: 4000, seed: 2, shift: 10 }) }
type Site = keyof typeof tables

function train(project: Project, nEstimators = 60): Promise<Run> {
  return project.submit(forestSteps({ nEstimators }))
}

function count(project: Project): Promise<Run> {
  return project.submit([
    Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
    Finalize(Aggregation({ strategy: 'merge' })),
  ])
}

/** The databases of a node that outlive its process. */
const databases: Record<string, (acquired: Releasers) => Promise<DatabaseBeside>> = {
  'SQLite in a file': async () => sqliteBeside,
  PostgreSQL: async (acquired) => postgresBeside(acquired.use(await startPostgres())),
}

const COMPLETE = /^POST \/task\/job_\w+\/complete$/

describe.each(Object.entries(databases))('SIGKILL at the worst moment, with %s (law 3)', (_, start) => {
  const acquired = new Releasers()
  let database: DatabaseBeside
  let network: AppNetwork
  let tap: Tap
  let node: AppProcess
  let project: Project
  const clients = {} as Record<Site, AppProcess>

  const startClient = (site: Site) => {
    const sections = { join: { first: false, url: urlOf(tap.port) }, logging: { level: 'debug' } }
    return network.startClient(site, tables[site], sections)
  }

  beforeAll(async () => {
    database = await start(acquired)
    network = acquired.use(await AppNetwork.create({ database: database.section }))
    tap = acquired.use(await Tap.before(network.port))
    node = await network.startNode()
    for (const site of Object.keys(tables) as Site[]) clients[site] = startClient(site)
    await Promise.all(Object.values(clients).map((client) => client.said(/joined the node/)))
    const workbench = acquired.use(await connect(urlOf(tap.port), { folder: join(network.folder, 'workbench') }))
    project = await workbench.project(network.token)
  })
  afterAll(() => acquired[Symbol.asyncDispose]())

  async function kill(): Promise<void> {
    node.kill('SIGKILL')
    await node.exited
  }

  async function beside<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const opened = await database.open(network)
    try {
      return await opened.query(work)
    } finally {
      await opened.close()
    }
  }

  async function restart(): Promise<void> {
    node = await network.startNode()
  }

  /** The number of records, whatever happened in between, with each job done once. */
  async function counted(
    counting: Promise<{ readonly count: number }>,
  ): Promise<(readonly [status: string, attempts: number])[]> {
    expect(await counting).toMatchObject({ count: 8000, sites: 2 })
    const { jobs } = await project.runs.at(-1)!.status()
    return jobs.map(({ status, attempts }) => [status, attempts] as const)
  }

  it.each([
    ['before a completion arrives', 'before', COMPLETE],
    ['in the middle of a completion, which brings a small product', 'half', COMPLETE],
    ['after a completion is committed, before it is answered', 'answered', COMPLETE],
  ] as const)('%s: the client delivers what it has, and does not compute again', async (_name, moment, message) => {
    let again: Promise<void> | undefined
    const killed = tap.once(moment, message, async (lost) => {
      await kill()
      again = tap.once('answered', new RegExp(`^${lost}$`), async () => undefined, { goOn: true })
    })
    const counting = project.count()
    await killed
    await restart()
    const [first, second] = await counted(counting)
    expect([first, second]).toEqual([
      ['COMPLETED', 1],
      ['COMPLETED', 1],
    ])
    await again
  })

  it('in the middle of the upload of a model: the client uploads it again, and does not train again', async () => {
    const killed = tap.once('half', /^PUT \/resource\//, kill)
    const run = await train(project)
    await killed
    await restart()
    const { model } = await run.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(120)
    expect((await run.status()).jobs.slice(0, 2).map(({ attempts }) => attempts)).toEqual([1, 1])
  })

  it('within the transaction that completes a job and opens its barrier: all of it happens, or nothing', async () => {
    const opened = acquired.use(await database.lockBarriers(network))
    let jobId = ''
    let killed: Promise<void> | undefined
    const lockFirst = async (completion: string) => {
      await opened.lock()
      jobId = completion.split('/')[2]!
      killed = tap.once('asked', new RegExp(`^${completion}$`), async () => {
        await sleep(200)
        await kill()
        await opened.release()
      })
    }
    const locked = tap.once('before', COMPLETE, lockFirst, { goOn: true })
    const counting = project.count()
    await locked
    await killed
    const states = await beside((session) =>
      session.$queryRawUnsafe<{ id: string; status: string }[]>(
        `SELECT id, status FROM job
         WHERE artifact_number = (SELECT max(number) FROM artifact) AND (id = '${jobId}' OR waits_for IS NOT NULL)`,
      ),
    )
    expect(states.map(({ status }) => status).sort()).toEqual(['RUNNING', 'WAITING'])
    await restart()
    await counted(counting)
  })

  it('after a plan is stored, before its researcher knows: he submits it again by himself, and it is the same one', async () => {
    const all = () => beside((session) => session.$queryRawUnsafe<{ status: string }[]>('SELECT status FROM artifact'))
    const before = (await all()).length
    const killed = tap.once('answered', /^POST \/workbench\/projects\/\w+\/artifacts$/, kill)
    const counting = project.count()
    await killed
    await restart()
    await counted(counting)
    const ended = await all()
    expect(ended).toHaveLength(before + 1)
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['COMPLETED']))
  })

  it('while a site works, which then dies too: it delivers what it had finished, and does not compute again', async () => {
    // Long enough for the node to be gone before either site has ended.
    const run = await train(project, 300)
    // That a job was claimed is told at once, which may be a while before its site has it.
    await Promise.all(Object.values(clients).map((client) => client.said(new RegExp(`job begun.*${run.id}`))))
    await kill()
    const outbox = join(network.folder, 'north', 'outbox')
    const finished = () => existsSync(outbox) && readdirSync(outbox).some((name) => name.endsWith('.json'))
    await expect.poll(finished).toBe(true)
    clients.north.kill('SIGKILL')
    await clients.north.exited
    await restart()
    await startClient('north').said(/delivered a result from before the restart/)
    const { model } = await run.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(600)
    const { jobs } = await run.status()
    const first = jobs.find(({ component }) => component.name === 'north')
    expect(first).toMatchObject({ status: 'COMPLETED', attempts: 1, failures: [] })
  })
})

describe('a job that is claimed, and whose client never hears of it', () => {
  const NEXT = /^POST \/task\/next$/

  it.each([
    ['because the answer is lost on the way', false],
    ['because the node is killed before it answers', true],
  ])('%s, is handed out again when its lease lapses; the attempt is counted', async (_, killed) => {
    await using network = await AppNetwork.create({ database: sqliteBeside.section, node: { lease: 2 } })
    await using tap = await Tap.before(network.port)
    const node = await network.startNode()
    await network.startClient('north', tables.north, { join: { first: false, url: urlOf(tap.port) } }).said(/joined the node/)
    const project = await network.project()
    // The client's question is held until there is a job, so that it is the one that claims it.
    let letAsk = (): void => undefined
    const hold = (asks: () => void) => () =>
      new Promise<void>((resolve) => {
        letAsk = resolve
        asks()
      })
    await new Promise<void>((asks) => {
      void tap.once('before', NEXT, hold(asks), { goOn: true })
    })
    const claimed = tap.once('answered', NEXT, async () => {
      if (!killed) return
      node.kill('SIGKILL')
      await node.exited
    })
    const run = await count(project)
    letAsk()
    await claimed
    if (killed) await network.startNode()
    expect(await run.result()).toMatchObject({ count: 4000 })
    expect((await run.status()).jobs[0]).toMatchObject({
      status: 'COMPLETED',
      attempts: 2,
      failures: [{ code: 'lease_expired' }],
    })
  })
})

describe('a client that stands still for longer than its lease', () => {
  it('loses its job, is refused under the old lease, and ends it under the next one', async () => {
    await using network = await AppNetwork.create({ database: sqliteBeside.section, node: { lease: 2 } })
    await network.startNode()
    const client = network.startClient('north', tables.north)
    await client.said(/joined the node/)
    const run = await train(await network.project())
    for await (const { job } of run) if (job?.status === 'RUNNING') break
    client.kill('SIGSTOP')
    const first = async () => (await run.status()).jobs[0]
    await expect.poll(first).toMatchObject({ status: 'READY', failures: [{ code: 'lease_expired' }] })
    client.kill('SIGCONT')
    await client.said(/the job is not wanted any more/)
    expect((await run.resultOf('RandomForestClassifier')).model.treeWeights.length).toBe(60)
    expect(await first()).toMatchObject({ status: 'COMPLETED', attempts: 2 })
  })
})

describe('a node that stands still for longer than its leases', () => {
  it('takes no attempt from a client that lives: it renews and delivers first', async () => {
    await using network = await AppNetwork.create({ database: sqliteBeside.section, node: { lease: 2, max_attempts: 1 } })
    await using tap = await Tap.before(network.port)
    const node = await network.startNode()
    await network.startClient('north', tables.north, { join: { first: false, url: urlOf(tap.port) } }).said(/joined the node/)
    const project = await network.project()
    // The grace of the start is over.
    await sleep(3000)
    const frozen = tap.once('before', COMPLETE, async () => void node.kill('SIGSTOP'))
    const run = await count(project)
    await frozen
    await sleep(4000)
    node.kill('SIGCONT')
    expect(await run.result()).toMatchObject({ count: 4000 })
    expect((await run.status()).jobs[0]).toMatchObject({ status: 'COMPLETED', attempts: 1, failures: [] })
  })
})
