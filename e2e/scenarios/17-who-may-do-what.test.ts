import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectNode, type NodeConnection } from '@flotta/client-sdk/transport'
import {
  errorCodes,
  type FlottaError,
  type KeyDocument,
  makeId,
  problemSchema,
  type Role,
  type Route,
  type Routes,
  routes,
} from '@flotta/contract'
import { createRequest, generateIdentity, type Identity, proveToken } from '@flotta/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

let network: Network
const folder = mkdtempSync(join(tmpdir(), 'flotta-roles-'))
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  network = await startNetwork({ sites: { north: madeUpTable({ rows: 100 }) } })
})
afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
  await network?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Somebody who has joined the node as a client or a workbench of its project, or who has not joined at all. */
async function somebody(kind: 'client' | 'workbench' | 'stranger'): Promise<{ identity: Identity; connection: NodeConnection }> {
  const identity = generateIdentity()
  const { connection, close } = await connectNode({ url: network.url, identity })
  closers.push(close)
  if (kind !== 'stranger') {
    const proof = proveToken(network.token, { prover: identity.id, verifier: network.node.id, purpose: 'join' })
    await connection.call(routes.node.join, { body: { kind, name: kind, proofs: [proof] } }, { introduce: true })
  }
  return { identity, connection }
}

const refusal = (call: Promise<unknown>): Promise<FlottaError> =>
  call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: FlottaError) => error,
  )
const sealedRoutes = Object.entries(routes)
  .flatMap(([audience, group]) =>
    Object.entries(group as Routes).map(([name, route]) => [`${audience}.${name}`, route] as [string, Route]),
  )
  .filter(([, route]) => !route.metadata.access.roles.includes('anonymous'))

const otherNode = generateIdentity().document as KeyDocument

/** Calls a route as one would who may; what is relayed is signed for another node, by way of this one. */
function ask(connection: NodeConnection, route: Route): Promise<unknown> {
  const options = { introduce: true }
  if (route.metadata.streaming !== 'relayed') return connection.call(route, { params, body: {} } as never, options)
  const { path, responses, metadata } = routes.public.health
  const body = route.method === 'GET' ? undefined : {}
  return connection.relayedTo(otherNode).call({ ...route, path, responses, metadata }, { body } as never, options)
}

const params = {
  nodeId: otherNode.id,
  componentId: makeId('cmp', randomBytes(26)),
  datasourceId: makeId('dat', randomBytes(26)),
  projectId: makeId('prj', randomBytes(26)),
  artifactId: makeId('art', randomBytes(26)),
  jobId: makeId('job', randomBytes(26)),
  resourceId: makeId('res', randomBytes(26)),
}

describe('every route but the public ones', () => {
  it.each(sealedRoutes)('%s refuses an unsigned request, saying no more than unauthenticated', async (_, { method, path }) => {
    const url = network.url + path.replace(/[:*](\w+)/g, (_match, name: keyof typeof params) => params[name] ?? 'task/next')
    const response = await fetch(url, { method, ...(method === 'GET' ? {} : { body: '{}' }) })
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = problemSchema.parse(await response.json())
    expect(problem).toMatchObject({
      code: 'unauthenticated',
      detail: `${errorCodes.unauthenticated.title} ${errorCodes.unauthenticated.remedy}`,
    })
  })

  it.each(sealedRoutes.filter(([, { metadata }]) => !metadata.access.roles.includes('applicant')))(
    '%s refuses a key that the node does not know',
    async (_, route) => {
      const { connection } = await somebody('stranger')
      const error = await refusal(ask(connection, route))
      expect(error.code).toBe('unauthenticated')
    },
  )

  const wrongRole = sealedRoutes.flatMap(([name, route]) =>
    (['client', 'workbench'] as const)
      .filter((role) => !(route.metadata.access.roles as readonly Role[]).includes(role))
      .map((role) => [name, role, route] as const),
  )
  it.each(wrongRole)('%s does not exist for a %s', async (_, role, route) => {
    const { connection } = await somebody(role)
    // For another node this one can not sign.
    const refused =
      route.metadata.streaming === 'relayed'
        ? { code: 'unavailable', message: expect.stringContaining('(status 404,') }
        : { code: 'not_found' }
    expect(await refusal(ask(connection, route))).toMatchObject(refused)
  })
})

describe('what belongs to somebody else does not exist', () => {
  it("another researcher's artifact, its events and its result (A7, A9)", async () => {
    const project = await network.project()
    await project.count()
    const [run] = project.runs
    const view = await run!.status()
    const other = await somebody('workbench')
    const artifact = { params: { artifactId: run!.id } }
    expect((await refusal(other.connection.call(routes.workbench.artifact, artifact))).code).toBe('not_found')
    expect((await refusal(other.connection.events(routes.workbench.events, artifact).next())).code).toBe('not_found')
    expect((await refusal(other.connection.download(view.result!.id, join(folder, 'stolen')))).code).toBe('not_found')
  })

  it('a project whose token one has not proved to know (A8)', async () => {
    const project = await network.project()
    const other = await somebody('workbench')
    expect(
      (await refusal(other.connection.call(routes.workbench.project, { params: { projectId: project.id as never } }))).code,
    ).toBe('not_found')
  })

  it('a proof made for one purpose, or by somebody else, opens nothing', async () => {
    const { identity, connection } = await somebody('workbench')
    const context = { prover: identity.id, verifier: network.node.id, purpose: 'open' }
    for (const wrong of [{ purpose: 'join' }, { prover: generateIdentity().id }, { verifier: generateIdentity().id }]) {
      const proof = proveToken(network.token, { ...context, ...wrong })
      expect((await refusal(connection.call(routes.workbench.open, { body: { proof } }))).code).toBe('not_found')
    }
  })

  it("another client's job can be neither renewed, completed nor failed (A5)", async () => {
    const project = await network.project()
    await project.count()
    const { jobs } = await project.runs[0]!.status()
    const { connection } = await somebody('client')
    for (const job of jobs) {
      const target = { params: { jobId: job.id } }
      const complete = { ...target, body: { epoch: 1, digest: '0'.repeat(64), metrics: null } }
      expect((await refusal(connection.call(routes.task.renew, { ...target, body: { epoch: 1 } }))).code).toBe('stale_lease')
      expect((await refusal(connection.call(routes.task.complete, complete))).code).toBe('stale_lease')
      expect(
        (
          await refusal(
            connection.call(routes.task.fail, {
              ...target,
              body: { epoch: 1, failure: { code: 'internal_error', message: '' } },
            }),
          )
        ).code,
      ).toBe('stale_lease')
    }
    expect((await project.runs[0]!.status()).jobs).toEqual(jobs)
  })

  it('admission needs the token of a project, and a key keeps its kind (A3)', async () => {
    const { identity, connection } = await somebody('stranger')
    const proof = (token: string) => proveToken(token, { prover: identity.id, verifier: network.node.id, purpose: 'join' })
    const join = (kind: 'client' | 'workbench', token: string) =>
      connection.call(routes.node.join, { body: { kind, name: 'x', proofs: [proof(token)] } }, { introduce: true })
    expect((await refusal(join('client', 'a guess'))).code).toBe('admission_refused')
    await join('client', network.token)
    await join('client', network.token)
    expect((await refusal(join('workbench', network.token))).code).toBe('conflict')
  })
})

describe('a request on its way', () => {
  const { method, path: openPath } = routes.workbench.open
  const openRequest = (sender: Identity, body: Uint8Array) =>
    createRequest({ sender, recipient: network.node.key, method, path: openPath, query: '', body, nowMs: Date.now() })

  async function signed() {
    const { identity } = await somebody('workbench')
    const context = { prover: identity.id, verifier: network.node.id, purpose: 'open' }
    const body = Buffer.from(JSON.stringify({ proof: proveToken(network.token, context) }))
    const request = openRequest(identity, body)
    const send = (changes: { path?: string; headers?: Record<string, string>; body?: Uint8Array; method?: string } = {}) =>
      fetch(network.url + (changes.path ?? openPath), {
        method: changes.method ?? 'POST',
        headers: { ...request.headers, ...changes.headers },
        body: Buffer.from(changes.body ?? request.body!),
      })
    return { ...request, send }
  }

  it('is accepted once, and its replay refused (A10)', async () => {
    const { send } = await signed()
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(401)
  })

  it('is refused with another path, method, query, header or body', async () => {
    const { body } = await signed()
    const flipped = Buffer.from(body!)
    flipped[flipped.length - 1]! ^= 1
    for (const change of [
      { path: '/node/join' },
      { path: '/workbench/projects?x=1' },
      { headers: { 'flotta-recipient': generateIdentity().id } },
      { headers: { 'content-type': 'application/json' } },
      { body: flipped },
      { body: Buffer.from('{}') },
    ]) {
      const { send } = await signed()
      expect((await send(change)).status, JSON.stringify(change).slice(0, 80)).toBe(401)
    }
  })

  it('with a clock that is an hour off gets an error of its own', async () => {
    const identity = generateIdentity()
    const { connection, close } = await connectNode({ url: network.url, identity, nowMs: () => Date.now() - 3_600_000 })
    closers.push(close)
    const proofs = [proveToken(network.token, { prover: identity.id, verifier: network.node.id, purpose: 'join' })]
    const error = await refusal(
      connection.call(routes.node.join, { body: { kind: 'workbench', name: 'x', proofs } }, { introduce: true }),
    )
    expect(error.code).toBe('clock_skew')
  })

  it('larger than the limit is refused before it is read', async () => {
    const { identity } = await somebody('workbench')
    const body = Buffer.alloc(2 * 1024 * 1024, 32)
    const request = openRequest(identity, body)
    const response = await fetch(network.url + openPath, {
      method: 'POST',
      headers: request.headers,
      body: Buffer.from(request.body!),
    })
    expect(response.status).toBe(413)
  })
})

describe('what anybody may see', () => {
  it('the key of the node, whether it lives and is ready, and its interface', async () => {
    const get = async (path: string) => (await fetch(network.url + path)).json()
    expect(await get('/node/key')).toMatchObject({ name: 'flottaNode', key: { id: network.node.id } })
    expect(await get('/healthz')).toEqual({ status: 'ok' })
    expect(await get('/readyz')).toMatchObject({
      status: 'ready',
      checks: ['database', 'migrations', 'clock', 'storage'].map((name) => ({ name, ok: true })),
    })
    expect(await get('/openapi.json')).toMatchObject({ openapi: '3.1.1' })
  })

  it('a path that encodes no text is a problem document, without a trace of the code', async () => {
    const response = await fetch(`${network.url}/resource/%E0%A4%A`)
    expect(response.status).toBe(400)
    expect(problemSchema.parse(await response.json()).code).toBe('malformed_request')
  })

  it('what is not there is a problem document, without a trace of the code', async () => {
    const response = await fetch(`${network.url}/nothing/here`)
    expect(response.status).toBe(404)
    expect(problemSchema.parse(await response.json()).code).toBe('not_found')
  })
})
