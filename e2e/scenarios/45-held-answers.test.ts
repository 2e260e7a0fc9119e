import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { Collect, Finalize, Parallel, Pass } from '@flotta/client-sdk'
import type { ComponentId } from '@flotta/contract'
import { openIdentity } from '@flotta/crypto'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { clientByHand } from '../support/by-hand.ts'
import { startNetwork } from '../support/network.ts'
import { nginxIsInstalled, startNginx } from '../support/nginx.ts'
import { madeUpTable } from '../support/tables.ts'

const heartbeatS = 0.3
const north = madeUpTable({ rows: 100, seed: 1 })

const startNode = (everyS = heartbeatS) => startNetwork({ sites: {}, heartbeatS: everyS })
const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port)

describe.concurrent('a question for work that is held', () => {
  it('is answered with what comes after breaths: a task, nothing, or why it is refused', async () => {
    await using network = await startNode()
    await using client = await clientByHand(network)
    const nothing = await client.held(8 * heartbeatS)
    expect(await nothing.answer).toEqual({ task: null })
    expect(nothing.breaths()).toBeGreaterThan(0)
    const blocked = await client.held(30)
    await network.node.admin.block(client.identity.id as ComponentId)
    await expect(blocked.answer).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('ends at once for one that leaves, by whichever node it had asked', async () => {
    await using network = await startNode()
    await using guest = await startNode()
    const { node, url } = network
    await guest.node.join({ url, tokens: [], enrolmentToken: await node.admin.enrol('node') })
    await using client = await clientByHand(network)
    const direct = await client.held(30)
    // The other node hears of the client after it has joined.
    await expect.poll(() => client.held(0, guest.node.key).then(({ answer }) => answer)).toEqual({ task: null })
    const relayed = await client.held(30, guest.node.key)
    await node.admin.remove(client.identity.id as ComponentId)
    for (const { answer } of [direct, relayed]) await expect(answer).rejects.toMatchObject({ code: 'component_left' })
  })

  it('ends when its client asks again, and what there is to do goes to the newer one', async () => {
    await using network = await startNetwork({ sites: { north }, heartbeatS })
    const [site] = network.clients
    const identity = openIdentity(join(network.folder, 'north', 'keys'))
    await site!.stop()
    await using lost = await clientByHand(network, identity)
    const older = await lost.held(30)
    await using again = await clientByHand(network, identity)
    const newer = await again.held(30)
    await expect(older.answer).rejects.toMatchObject({ code: 'conflict' })
    await (await network.project()).submit([Parallel(Pass(), Collect()), Finalize(Pass())])
    expect((await newer.answer).task).toMatchObject({ epoch: 1 })
  })

  it('is answered by a node that stops', async () => {
    await using network = await startNode()
    const clients = await Promise.all([1, 2, 3].map(() => clientByHand(network)))
    const held = await Promise.all(clients.map((client) => client.held(30)))
    await network.node.stop()
    for (const { answer } of held) expect(await answer).toEqual({ task: null })
    for (const client of clients) await client[Symbol.asyncDispose]()
  })

  it('has its client counted among those that are here', async () => {
    await using network = await startNetwork({ sites: { north }, heartbeatS: 0.1 })
    const project = await network.project()
    // By then its question has been out for longer than it could be silent.
    await after(1500)
    const { sites } = await project.preflight([Parallel(Pass(), Collect()), Finalize(Pass())])
    expect(sites.map(({ here }) => here)).toEqual([true])
  })
})

describe.concurrent('breaths', () => {
  it('pass through the relay of another node', async () => {
    await using network = await startNode()
    await using guest = await startNode()
    const { node, url } = network
    await guest.node.join({ url, tokens: [], enrolmentToken: await node.admin.enrol('node') })
    await using client = await clientByHand(network)
    await expect.poll(() => client.held(0, guest.node.key).then(({ answer }) => answer)).toEqual({ task: null })
    const relayed = await client.held(30, guest.node.key, 3)
    expect(relayed.breaths()).toBe(3)
    await client.held(0, guest.node.key)
    await expect(relayed.answer).rejects.toMatchObject({ code: 'conflict' })
  })

  it.runIf(nginxIsInstalled)('keep a question through an nginx that takes three seconds of silence for the end', async () => {
    await using network = await startNode()
    await using nginx = await startNginx(portOf(network), 'proxy_read_timeout 3s;')
    await using client = await clientByHand({ ...network, url: nginx.url })
    const { answer } = await client.held(30)
    await after(4000)
    await client.ask(0)
    await expect(answer).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe.concurrent('a node that stands still', () => {
  it('is noticed by who has a question there, and asked again once it goes on', async () => {
    await using network = await AppNetwork.create({ node: { heartbeat: 0.2 } })
    const node = await network.startNode()
    const client = network.startClient('north', north)
    await client.said(/joined the node/)
    await after(1500)
    node.kill('SIGSTOP')
    await client.said(/asking for work: No answer from the node/)
    node.kill('SIGCONT')
    expect((await (await network.project()).count()).count).toBe(100)
  })
})
