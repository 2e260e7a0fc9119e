import { EventEmitter, once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeTensors } from '@flotta/algorithms'
import { Collect, Finalize, Parallel, Pass } from '@flotta/client-sdk'
import { generateIdentity } from '@flotta/crypto'
import { createClient, silentLogger, type TaskExecutor } from '@flotta/runtime'
import { describe, expect, it } from 'vitest'
import { clientByHand } from '../support/by-hand.ts'
import { startNetwork } from '../support/network.ts'
import { Releasers } from '../support/releasers.ts'

/** A network of one node, and another one that joins it when that is wanted. */
async function nodeAndGuest(options: { readonly leaseMs?: number; readonly heartbeatS?: number } = {}) {
  const acquired = new Releasers()
  const first = acquired.use(await startNetwork({ sites: {}, ...options }))
  const guest = acquired.use(await startNetwork({ sites: {} }))
  return {
    first,
    guest: guest.node,
    guestJoins: async () => guest.node.join({ url: first.url, tokens: [], enrolmentToken: await first.node.admin.enrol('node') }),
    [Symbol.asyncDispose]: () => acquired[Symbol.asyncDispose](),
  }
}

/** An executor whose jobs last until then. */
function worksUntil(then: Promise<unknown>, begins: () => void): TaskExecutor {
  const product = encodeTensors({ description: { kind: 'Empty' }, tensors: {} })
  return {
    async execute() {
      begins()
      await then
      return { kind: 'completed', product, metrics: null, stop: false }
    },
    async describe({ source: { name }, publish }) {
      return { kind: 'described', metadata: { name, publish, records: 100, features: [], problem: null } }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

describe('a question for work', () => {
  it('that says which other nodes are known is answered with them as soon as they change, and is held while they are the same', async () => {
    await using network = await nodeAndGuest()
    await using client = await clientByHand(network.first)
    expect(await client.ask(0, '')).toEqual({ task: null })
    const held = client.ask(30, '')
    await network.guestJoins()
    const { task, nodes } = await held
    expect(task).toBeNull()
    expect(nodes?.nodes.map(({ key }) => key.id)).toEqual([network.guest.id])
    expect(await client.ask(0, nodes!.digest)).toEqual({ task: null })
    const untilItLeaves = client.ask(30, nodes!.digest)
    await network.first.node.admin.remove(network.guest.id)
    expect(await untilItLeaves).toEqual({ task: null, nodes: { digest: '', nodes: [] } })
  })

  it('that does not say it hears nothing of them', async () => {
    await using network = await nodeAndGuest()
    await using client = await clientByHand(network.first)
    await network.guestJoins()
    await expect.poll(async () => (await client.ask(0, '')).nodes?.nodes.length).toBe(1)
    expect(await client.ask(0)).toEqual({ task: null })
  })

  it('is refused by a node that stops, so that nobody asks it again and again', async () => {
    await using network = await nodeAndGuest({ heartbeatS: 0.2 })
    await using client = await clientByHand(network.first)
    const held = await client.held(30)
    const stopping = network.first.node.stop()
    await expect(client.ask(30)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await held.answer).toEqual({ task: null })
    await stopping
  })
})

describe('a client whose places are all taken', () => {
  it('hears of the other nodes with the lease that it renews', async () => {
    await using network = await nodeAndGuest({ leaseMs: 600 })
    const { url, token, folder } = network.first
    const workdir = join(folder, 'busy')
    mkdirSync(workdir)
    writeFileSync(join(workdir, 'table.csv'), 'x\n1\n')
    const happens = new EventEmitter()
    const [working, worksForGuest, done] = ['working', 'works for the guest', 'done'].map((event) => once(happens, event))
    const client = createClient({
      nodeUrl: url,
      identity: generateIdentity(),
      workdir,
      datasources: [
        {
          name: 'busy',
          publish: 'summary',
          source: () => ({ kind: 'file', name: 'busy', path: join(workdir, 'table.csv'), format: 'csv' }),
          tokens: () => [token],
        },
      ],
      executor: worksUntil(done!, () => happens.emit('working')),
      policy: { minimumRecords: 10, minimumCell: 10 },
      workers: 1,
      logger: { ...silentLogger, info: (said) => /works for another node/.test(said) && happens.emit('works for the guest') },
    })
    await using _client = client
    client.start()
    await client.joined()
    const run = await (await network.first.project()).submit([Parallel(Pass(), Collect()), Finalize(Pass())])
    await working
    await network.guestJoins()
    await worksForGuest
    happens.emit('done')
    await run.result()
  })
})
