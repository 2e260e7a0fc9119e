import { join } from 'node:path'
import { Aggregation, Collect, Count, connect, Estimate, Finalize, Parallel, type Project, Query } from '@flotta/client-sdk'
import { isFlottaError } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { Releasers } from '../support/releasers.ts'
import { madeUpTable } from '../support/tables.ts'
import { Tap } from '../support/tap.ts'

const steps = [
  Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
]
const SUBMIT = /^POST \/workbench\/projects\/\w+\/artifacts$/
const EVENTS = /^GET \/workbench\/artifacts\/\w+\/events/

const acquired = new Releasers()
let network: Network
let tap: Tap
let project: Project

beforeAll(async () => {
  network = acquired.use(await startNetwork({ sites: { north: madeUpTable({ rows: 50, seed: 1 }) } }))
  tap = acquired.use(await Tap.before(Number(new URL(network.url).port)))
  const folder = join(network.folder, 'behind-the-tap')
  const workbench = acquired.use(await connect(`http://127.0.0.1:${tap.port}`, { folder }))
  project = await workbench.project(network.token)
})
afterAll(() => acquired[Symbol.asyncDispose]())

const nothing = async () => undefined
const artifacts = async () => (await network.store.inventory.artifacts({}, { limit: 100 })).items.length

describe('a wait for a result', () => {
  it('outlives pages that something between answers for the node', async () => {
    const pages = [500, 403, 404, 407, 502].map((page) => tap.once('before', EVENTS, nothing, { page }))
    const run = await project.submit(steps)
    expect(await run.result()).toMatchObject({ count: 50 })
    await Promise.all(pages)
  })

  it('of a time that is told ends with that, and not with what something between answers', async () => {
    await using wall = await Tap.before(Number(new URL(network.url).port))
    await using workbench = await connect(`http://127.0.0.1:${wall.port}`, { folder: join(network.folder, 'behind-the-wall') })
    const run = await (await workbench.project(network.token)).submit(steps)
    for (let page = 0; page < 50; page++) void wall.once('before', EVENTS, nothing, { page: 500 })
    await expect(run.result({ timeoutMs: 700 })).rejects.toMatchObject({ code: 'wait_timeout' })
  })
})

describe('a submission', () => {
  it('whose answer is lost, or is not the node’s, is sent again as the same one: it makes one artifact', async () => {
    const before = await artifacts()
    const lost = [
      tap.once('before', SUBMIT, nothing, { page: 403 }),
      tap.once('answered', SUBMIT, nothing),
      tap.once('answered', SUBMIT, nothing, { page: 502 }),
    ]
    const run = await project.submit(steps)
    await Promise.all(lost)
    expect(await artifacts()).toBe(before + 1)
    expect((await run.status()).projectId).toBe(project.id)
  })

  it('under an id of the caller’s is found again by it, also by another program and after it has ended', async () => {
    const requestId = 'the-count-of-2026-11'
    const run = await project.submit(steps, { requestId })
    expect(await project.submit(steps, { requestId })).toBe(run)
    await run.result()
    const folder = join(network.folder, 'behind-the-tap')
    await using workbench = await connect(network.url, { folder })
    const found = await (await workbench.project(network.token)).submit(steps, { requestId })
    expect(found.id).toBe(run.id)
    expect(await found.result()).toMatchObject({ count: 50 })
  })

  it('of another plan under the same id is a conflict, and an id of another form is refused before anything is sent', async () => {
    const requestId = 'one-id-for-two-plans'
    await project.submit(steps, { requestId })
    await expect(project.submit(steps, { requestId, label: 'another' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(project.submit(steps, { requestId: 'short' })).rejects.toSatisfy((error) =>
      isFlottaError(error, 'malformed_request'),
    )
  })

  it('is answered with its artifact when those it was planned on have left, and another one is refused', async () => {
    const requestId = 'before-they-had-left'
    const run = await project.submit(steps, { requestId })
    await run.result()
    const { items } = await network.store.inventory.components({}, { limit: 100 })
    for (const { id, kind } of items) if (kind === 'client') await network.node.admin.remove(id)
    expect((await project.submit(steps, { requestId })).id).toBe(run.id)
    await expect(project.submit(steps, { requestId, label: 'another' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(project.submit(steps)).rejects.toMatchObject({ code: 'no_workers' })
  })
})
