import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aggregation, Collect, Count, Estimate, Finalize, Parallel, Query } from '@flotta/client-sdk'
import { connectNode, type NodeConnection } from '@flotta/client-sdk/transport'
import { errorCodes, type FlottaError, isFlottaError, type KeyDocument, type Routes, routes, type Task } from '@flotta/contract'
import {
  createToken,
  formatContentDigest,
  generateIdentity,
  type Identity,
  proveToken,
  tokenId,
  tokenVerifier,
} from '@flotta/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../packages/store/src/database.ts'
import { openSqlite } from '../../packages/store/src/sqlite/open-sqlite.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { Releasers } from '../support/releasers.ts'

const acquired = new Releasers()
let network: Network
let database: Database
let folder: string

/** When something was said last, and what ended artifacts left, which goes by itself. */
const passing = {
  tables: ['network_clock', 'spent_nonce', 'small_product', 'sqlite_sequence'],
  columns: ['version', 'revision', 'lease_until_ms', 'leftover_since_ms'],
}

/** Everything that the node remembers. */
async function remembered(): Promise<Record<string, unknown[]>> {
  return await database.query(async (session) => {
    const tables = await session.$queryRawUnsafe<{ name: string }[]>(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    const rows: Record<string, unknown[]> = {}
    for (const { name } of tables.filter((table) => !passing.tables.includes(table.name))) {
      const found = await session.$queryRawUnsafe<Record<string, unknown>[]>(`SELECT * FROM "${name}" ORDER BY 1, 2`)
      rows[name] = found.map((row) => Object.entries(row).filter(([column]) => !passing.columns.includes(column)))
    }
    return rows
  })
}

interface Somebody {
  readonly identity: Identity
  readonly connection: NodeConnection
}
async function somebody(identity = generateIdentity()): Promise<Somebody> {
  const { connection, close } = await connectNode({ url: network.url, identity })
  acquired.defer(close)
  return { identity, connection }
}

const operator = generateIdentity()
const people = {} as Record<'first' | 'second' | 'researcher' | 'operator', Somebody>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotta-again-'))
  acquired.defer(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'node.db')
  const keys = [operator.document as KeyDocument]
  network = acquired.use(await startNetwork({ sites: {}, database: { kind: 'sqlite', file }, operatorKeys: keys }))
  database = await openSqlite(file)
  acquired.defer(() => database.close())
  for (const name of ['first', 'second', 'researcher'] as const) people[name] = await somebody()
  people.operator = await somebody(operator)
})
afterAll(() => acquired[Symbol.asyncDispose]())

const prove = ({ identity }: Somebody, purpose: 'join' | 'open' | 'attach') =>
  proveToken(network.token, { prover: identity.id, verifier: network.node.id, purpose })
const joining = (who: Somebody, kind: 'client' | 'workbench') => () =>
  who.connection.call(routes.node.join, { body: { kind, name: kind, proofs: [prove(who, 'join')] } }, { introduce: true })
const metadata = { name: 'table', records: 40, features: [], problem: null }
const publish = (who: Somebody) => () =>
  who.connection.call(routes.client.publish, { body: { datasources: [{ metadata, proofs: [prove(who, 'attach')] }] } })
const next = (who: Somebody) => async () => (await who.connection.call(routes.task.next, { body: { waitS: 0 } })).task
const steps = [
  Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
]
const submit = (projectId: string, requestId: string) => () =>
  people.researcher.connection.call(routes.workbench.submit, {
    params: { projectId } as never,
    body: { artifact: { label: '', steps }, requestId },
  })
const recordOf = (token: string) => ({ tokenId: tokenId(token), tokenVerifier: tokenVerifier(token) })
const randomId = () => randomBytes(16).toString('base64url')

/** The routes whose repetition is tested. */
const tried = new Set<unknown>()

/** Says the same five times more, four of them at once; answers what the first one was answered. */
async function again<T>(route: unknown, say: () => Promise<T>): Promise<T> {
  tried.add(route)
  const answer = await say()
  const before = await remembered()
  const code = (error: unknown) => (isFlottaError(error) ? error.code : 'internal_error')
  const said = () => say().then(() => undefined, code)
  const refusals = [...(await Promise.all([said(), said(), said(), said()])), await said()].filter((each) => each !== undefined)
  expect(refusals.filter((each) => errorCodes[each as FlottaError['code']].status >= 500)).toEqual([])
  expect(await remembered()).toEqual(before)
  return answer
}

describe('what is said again changes nothing (0 answers of a broken node)', () => {
  let projectId: string
  let task: Task

  it('joining, opening, publishing and a preflight', async () => {
    for (const who of [people.first, people.second]) await again(routes.node.join, joining(who, 'client'))
    await again(routes.node.join, joining(people.researcher, 'workbench'))
    for (const who of [people.first, people.second]) await again(routes.client.publish, publish(who))
    const { connection } = people.researcher
    const opened = await again(routes.workbench.open, () =>
      connection.call(routes.workbench.open, { body: { proof: prove(people.researcher, 'open') } }),
    )
    projectId = opened.id
    const asked = { params: { projectId: opened.id }, body: { artifact: { label: '', steps } } }
    await again(routes.workbench.preflight, () => connection.call(routes.workbench.preflight, asked))
  })

  it('a submission, under its id', async () => {
    const first = await again(routes.workbench.submit, submit(projectId, randomId()))
    expect(first.status).toBe('SCHEDULED')
  })

  it('a claim, a renewal, an upload, a completion, a failure', async () => {
    const { connection } = people.first
    task = (await again(routes.task.next, next(people.first)))!
    const { jobId, epoch, output } = task
    await again(routes.task.renew, () => connection.call(routes.task.renew, { params: { jobId }, body: { epoch } }))
    const file = join(folder, 'sealed')
    writeFileSync(file, randomBytes(1000))
    const digest = createHash('sha256').update(readFileSync(file)).digest()
    await again(routes.resource.upload, () => connection.upload(output.resourceId, file, formatContentDigest(digest)))
    const completion = { epoch, digest: digest.toString('hex'), metrics: null, next: false }
    await again(routes.task.complete, () => connection.call(routes.task.complete, { params: { jobId }, body: completion }))
    const other = (await next(people.second)())!
    const failure = { code: 'unavailable', message: 'for now' } as const
    await again(routes.task.fail, () =>
      people.second.connection.call(routes.task.fail, {
        params: { jobId: other.jobId },
        body: { epoch: other.epoch, failure },
      }),
    )
  })

  it('cancelling, by the researcher and by the operator', async () => {
    const { artifactId } = task
    await again(routes.workbench.cancel, () =>
      people.researcher.connection.call(routes.workbench.cancel, { params: { artifactId }, body: {} }),
    )
    const { id } = await submit(projectId, randomId())()
    await again(routes.admin.cancelArtifact, () =>
      people.operator.connection.call(routes.admin.cancelArtifact, { params: { artifactId: id }, body: {} }),
    )
  })

  it('what an operator orders', async () => {
    const { connection } = people.operator
    const { admin } = routes
    const made = { name: 'another', token: recordOf(createToken('project')) }
    const project = await again(admin.createProject, () => connection.call(admin.createProject, { body: made }))
    const params = { projectId: project.id }
    await again(admin.setProjectState, () => connection.call(admin.setProjectState, { params, body: { state: 'disabled' } }))
    const token = recordOf(createToken('project'))
    await again(admin.rotateToken, () => connection.call(admin.rotateToken, { params, body: { token } }))
    const enrolment = { kind: 'client', token: recordOf(createToken('enrolment')), lifeS: 60 } as const
    await again(admin.enrol, () => connection.call(admin.enrol, { body: enrolment }))
    const who = { componentId: people.second.identity.id } as never
    await again(admin.setComponentState, () =>
      connection.call(admin.setComponentState, { params: who, body: { state: 'blocked' } }),
    )
  })

  it('leaving', async () => {
    await again(routes.node.leave, () => people.first.connection.call(routes.node.leave, { body: {} }))
  })

  it('and there is nothing else that changes anything: a relay passes on, and a node asks another one for changes', () => {
    const changing = Object.entries(routes).flatMap(([audience, group]) =>
      Object.entries(group as Routes).flatMap(([name, route]) =>
        route.method === 'GET' || tried.has(route) ? [] : [`${audience}.${name}`],
      ),
    )
    expect(changing.sort()).toEqual(['node.changes', 'relay.post', 'relay.put'])
  })
})
