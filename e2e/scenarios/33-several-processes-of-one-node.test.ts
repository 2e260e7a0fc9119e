import { join } from 'node:path'
import { FederatedSplitter, type Project, type Run } from '@flotta/client-sdk'
import { routes } from '@flotta/contract'
import { createRequest, openIdentity, proveToken, readIdentity } from '@flotta/crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { clientByHand } from '../support/by-hand.ts'
import { forestOf, forestSteps } from '../support/forest.ts'
import { type Process, type Replicas, startReplicas } from '../support/replicas.ts'
import { madeUpTable } from '../support/tables.ts'

let node: Replicas
beforeAll(async () => {
  node = await startReplicas({ execution: { engine: 'bullmq' } })
  const { network, balancedUrl, second } = node
  const clients = [
    network.startClient('north', madeUpTable({ rows: 3000, seed: 1 }), { join: { first: false, url: balancedUrl } }),
    network.startClient('south', madeUpTable({ rows: 2000, seed: 2, shift: 10 }), { join: { first: false, url: second.url } }),
  ]
  await Promise.all(clients.map((client) => client.said(/joined the node/)))
})
afterAll(() => node?.[Symbol.asyncDispose]())

const steps = () => forestSteps({ nEstimators: 30, randomState: 7, splitter: FederatedSplitter({ randomState: 7 }) })
const train = (project: Project): Promise<Run> => project.submit(steps())

/** The run of a researcher at one process of the node, as another one of his programs sees it at another. */
const at = async (url: string, run: Run): Promise<Run> => (await node.network.project(url)).run(run.id)

/** Takes everything out of the node's queue, which is in a schema beside the node's. */
async function loseTheQueue({ database }: Replicas): Promise<number> {
  const { host, port, username: user, password, database: name } = database
  const client = new pg.Client({ host, port, user, password, database: name })
  await client.connect()
  const { rowCount } = await client.query('DELETE FROM flotta_queue.job')
  await client.end()
  return rowCount ?? 0
}

describe('a node whose jobs are done by workers on other machines', () => {
  it('waits for a worker; loses nothing when its queue loses everything, and when the process dies that ordered (law 3)', async () => {
    const { network, first, second } = node
    const run = await train(await network.project(first.url))
    const ordered = ({ process }: Process) => process.said(/job ordered/)
    const orderer = await Promise.race([first, second].map((each) => ordered(each).then(() => each)))
    await expect.poll(() => loseTheQueue(node)).toBe(1)
    orderer.process.kill('SIGKILL')
    await orderer.process.exited
    const worker = await node.startWorker('worker')
    const elsewhere = await at(orderer === first ? second.url : first.url, run)
    const { model } = await elsewhere.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(60)
    await worker.said(/job done/)
    const finalize = (await elsewhere.status()).jobs.find(({ operation }) => operation === 'Aggregation')
    expect(finalize).toMatchObject({ status: 'COMPLETED', attempts: 2, failures: [{ code: 'lease_expired' }] })
    worker.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    await orderer.restart()
    await node.startWorker('another-worker')
  })
})

describe('two processes over one PostgreSQL and one bucket', () => {
  it('know of the components that speak with either of them', async () => {
    for (const { url } of [node.first, node.second]) {
      const project = await node.network.project(url)
      const here = async () => (await project.preflight(steps())).sites.map((site) => site.here)
      await expect.poll(here).toEqual([true, true])
    }
  })

  it('are one node: what is asked at one is worked at by clients of both, told as it happens and downloaded at the other', async () => {
    const { network, first, second } = node
    const run = await train(await network.project(first.url))
    const events: number[] = []
    const elsewhere = await at(second.url, run)
    for await (const { sequence } of elsewhere) events.push(sequence)
    expect(events).toEqual(events.map((_, index) => index + 1))
    expect((await run.status()).participants.map(({ completed }) => completed)).toEqual([1, 1])
    expect(await forestOf(elsewhere)).toBe(await forestOf(run))
  })

  it('accept a request once, whichever of them hears it first (A10)', async () => {
    const { network, first, second } = node
    await network.project(first.url)
    const identity = openIdentity(join(network.folder, 'researcher'))
    const { id, document } = readIdentity(join(network.folder, 'node', 'keys', 'component.key'))
    const { path } = routes.workbench.open
    const body = Buffer.from(
      JSON.stringify({ proof: proveToken(network.token, { prover: identity.id, verifier: id, purpose: 'open' }) }),
    )
    const signed = () =>
      createRequest({ sender: identity, recipient: document, method: 'POST', path, query: '', body, nowMs: Date.now() })
    for (const [one, other] of [
      [first.url, second.url],
      [second.url, first.url],
    ] as const) {
      const request = signed()
      const send = async (url: string) =>
        (await fetch(url + path, { method: 'POST', headers: request.headers, body: Buffer.from(request.body!) })).status
      expect([await send(one), await send(other), await send(one)]).toEqual([200, 401, 401])
    }
  })

  it('end what is held at one as soon as its client is blocked at the other', async () => {
    const { network, second } = node
    await using client = await clientByHand({ url: second.url, token: network.token })
    const { answer } = await client.held(30)
    // The command speaks with the process that the balancer prefers, which is the first.
    expect(await network.run('node', 'node', 'clients', 'block', client.identity.id).exited).toBe(0)
    await expect(answer).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('are examined with their bucket', async () => {
    const doctor = node.network.run('node', 'node', 'doctor')
    await doctor.said(/the bucket resources answers/)
    await doctor.exited
  })

  it('refuse a third one that has not their key', async () => {
    await expect(node.startReplica('stranger', await freePort(), false)).rejects.toThrow(/belongs to the node cmp_/)
  })

  it('SIGKILL of one in the middle of a run: it ends at the other with the same result (law 3)', async () => {
    const { network, first, second } = node
    const calm = await forestOf(await train(await network.project(second.url)))
    const run = await train(await network.project(first.url))
    const running = new Set<string>()
    for await (const { job } of await at(second.url, run)) {
      if (job?.status === 'RUNNING') running.add(job.id)
      if (running.size === 2) break
    }
    first.process.kill('SIGKILL')
    await first.process.exited
    expect(await forestOf(await at(second.url, run))).toBe(calm)
  })
})
