import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@flotta/client-sdk'
import { connectNode, type NodeConnection } from '@flotta/client-sdk/transport'
import { type ComponentId, type FlottaError, type JoinRequest, type KeyDocument, routes } from '@flotta/contract'
import { createRequest, generateIdentity, type Identity, proveToken } from '@flotta/crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { Releasers } from '../support/releasers.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-admission-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Applicant {
  readonly id: ComponentId
  readonly identity: Identity
  readonly connection: NodeConnection
  readonly ask: (changes?: Partial<JoinRequest>) => Promise<unknown>
  readonly enrolment: (token: string) => Pick<JoinRequest, 'enrolment'>
}

/** Somebody with the token of the project, who asks to join. */
async function applicant(
  network: Network,
  kind: JoinRequest['kind'],
  identity: Identity = generateIdentity(),
): Promise<Applicant> {
  const { connection } = await connectNode({ url: network.url, identity })
  const prove = (token: string, purpose: string) => proveToken(token, { prover: identity.id, verifier: network.node.id, purpose })
  const proofs = [prove(network.token, 'join')]
  return {
    id: identity.id as ComponentId,
    identity,
    connection,
    ask: (changes = {}) =>
      connection.call(routes.node.join, { body: { kind, name: kind, proofs, ...changes } }, { introduce: true }),
    enrolment: (token) => ({ enrolment: prove(token, 'enrol') }),
  }
}

const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: FlottaError) => error.code,
  )

describe('node.admission: approval', () => {
  it('has everybody wait, who can do no more than ask again, until the operator has approved', async () => {
    await using network = await startNetwork({ sites: {}, admission: 'approval' })
    const { id, connection, ask } = await applicant(network, 'client')
    expect(await refusal(ask())).toBe('admission_pending')
    expect(await refusal(connection.call(routes.client.publish, { body: { datasources: [] } }))).toBe('admission_pending')
    expect(await network.node.admin.approve(id)).toBe(true)
    await ask()
    await connection.call(routes.client.publish, { body: { datasources: [] } })
  })

  it('tells a researcher that he has to wait', async () => {
    await using network = await startNetwork({ sites: {}, admission: 'approval' })
    await using workbench = await connect(network.url, { folder: join(folder, 'waiting') })
    await expect(workbench.project(network.token)).rejects.toMatchObject({ code: 'admission_pending' })
    await network.node.admin.approve(workbench.id as ComponentId)
    expect((await workbench.project(network.token)).name).toBe('e2e')
  })
})

describe('node.admission: enrolment-token', () => {
  it('lets one component of its kind in, once and again, and nobody by the token of a project', async () => {
    await using network = await startNetwork({ sites: {}, admission: 'enrolment-token' })
    const token = await network.node.admin.enrol('client')
    const [one, two, researcher] = [
      await applicant(network, 'client'),
      await applicant(network, 'client'),
      await applicant(network, 'workbench'),
    ]
    expect(await refusal(one.ask())).toBe('admission_refused')
    expect(await refusal(researcher.ask(researcher.enrolment(token)))).toBe('admission_refused')
    expect(await refusal(two.ask(one.enrolment(token)))).toBe('admission_refused')
    await one.ask(one.enrolment(token))
    await one.ask(one.enrolment(token))
    expect(await refusal(two.ask(two.enrolment(token)))).toBe('admission_refused')
  })

  it('lets a researcher in by a token of his own', async () => {
    await using network = await startNetwork({ sites: {}, admission: 'enrolment-token' })
    const enrolmentToken = await network.node.admin.enrol('workbench')
    await using workbench = await connect(network.url, { folder: join(folder, 'enrolled'), enrolmentToken })
    expect((await workbench.project(network.token)).name).toBe('e2e')
  })

  it('lets nobody in by a token that has expired', async () => {
    await using network = await startNetwork({ sites: {}, admission: 'enrolment-token' })
    const { ask, enrolment } = await applicant(network, 'client')
    expect(await refusal(ask(enrolment(await network.node.admin.enrol('client', -1))))).toBe('admission_refused')
  })
})

describe('the token of a project', () => {
  it('makes a client, and never a node, of its holder: a node sees what each single site produces', async () => {
    await using network = await startNetwork({ sites: {} })
    await (await applicant(network, 'client')).ask()
    const node = await applicant(network, 'node')
    expect(await refusal(node.ask({ url: 'http://127.0.0.1:9' }))).toBe('admission_pending')
    expect(await refusal(node.connection.call(routes.node.changes, { body: { after: 0, waitS: 0 } }))).toBe('admission_pending')
  })
})

describe('somebody whom the operator has put out', () => {
  it('is refused as if nobody knew him when he is blocked, and may come back when he was removed', async () => {
    await using network = await startNetwork({ sites: {} })
    const { id, connection, ask } = await applicant(network, 'client')
    const publish = () => connection.call(routes.client.publish, { body: { datasources: [] } })
    await ask()
    await network.node.admin.remove(id)
    expect(await refusal(publish())).toBe('component_left')
    await ask()
    await publish()
    await network.node.admin.block(id)
    expect(await refusal(publish())).toBe('unauthenticated')
    expect(await refusal(ask())).toBe('admission_refused')
  })
})

describe('the relay', () => {
  /** Two nodes of one network, the second of which the first passes requests on to. */
  async function twoNodes() {
    const acquired = new Releasers()
    const [first, second] = [acquired.use(await startNetwork({ sites: {} })), acquired.use(await startNetwork({ sites: {} }))]
    await second.node.join({ url: first.url, tokens: [], enrolmentToken: await first.node.admin.enrol('node') })
    return { first, second, [Symbol.asyncDispose]: () => acquired[Symbol.asyncDispose]() }
  }
  const askThrough = ({ connection }: Applicant, { node }: Network) =>
    connection.relayedTo(node.key).call(routes.task.next, { body: { waitS: 0 } })

  /** Of what the relay refuses itself, which it can not sign for the other node. */
  const statusThrough = (asking: Applicant, node: Network) =>
    askThrough(asking, node).catch(({ message }: FlottaError) =>
      Number(/answered in its place \(status (\d+)/.exec(message)?.[1]),
    )

  it('passes on what a client of its own asks of another node, and the answer back; for everybody else it does not exist', async () => {
    await using network = await twoNodes()
    const { first, second } = network
    const [client, researcher] = [await applicant(first, 'client'), await applicant(first, 'workbench')]
    await Promise.all([client.ask(), researcher.ask()])
    const answered = () => askThrough(client, second).catch((error: FlottaError) => error.code)
    await expect.poll(answered).toEqual({ task: null })
    expect(await statusThrough(researcher, second)).toBe(404)
    expect(await refusal(askThrough(await applicant(first, 'client'), second))).toBe('unauthenticated')
    await first.node.admin.remove(client.id)
    expect(await statusThrough(client, second)).toBe(403)
    await first.node.admin.block(client.id)
    expect(await refusal(askThrough(client, second))).toBe('unauthenticated')
  })

  it('passes on nothing that was not signed for that node, nothing to whom it does not know, and nothing twice', async () => {
    await using network = await twoNodes()
    const { first, second } = network
    const [client, stranger] = [await applicant(first, 'client'), generateIdentity()]
    await client.ask()
    const send = (nodeId: string, recipient: KeyDocument) => {
      const body = Buffer.from(JSON.stringify({ waitS: 0 }))
      const signed = createRequest({
        sender: client.identity,
        recipient,
        method: 'POST',
        path: '/task/next',
        query: '',
        body,
        nowMs: Date.now(),
      })
      return () =>
        fetch(`${first.url}/relay/${nodeId}/task/next`, {
          method: 'POST',
          headers: signed.headers,
          body: Buffer.from(signed.body!),
        })
    }
    const { id, key } = second.node
    const good = send(id, key)
    const statuses = [await good(), await good(), await send(id, first.node.key)(), await send(stranger.id, key)()]
    statuses.push(await send(stranger.id, stranger.document as KeyDocument)(), await send(first.node.id, first.node.key)())
    expect(statuses.map(({ status }) => status)).toEqual([expect.anything(), 401, 401, 401, 404, 404])
    expect(statuses[0]!.headers.get('signature')).toBeTruthy()
  })
})
