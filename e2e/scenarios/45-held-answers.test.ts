import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { Collect, Finalize, Parallel, Pass, type Project } from '@flotta/client-sdk'
import { type ComponentId, mediaTypes } from '@flotta/contract'
import { openIdentity } from '@flotta/crypto'
import { type Logger, silentLogger } from '@flotta/runtime'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { answeringProxy } from '../support/between.ts'
import { clientByHand } from '../support/by-hand.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { nginxIsInstalled, startNginx } from '../support/nginx.ts'
import { Releasers } from '../support/releasers.ts'
import { madeUpTable } from '../support/tables.ts'

const heartbeatS = 0.3
const north = madeUpTable({ rows: 100, seed: 1 })
const asking = 'POST /task/next'

const startNode = (everyS = heartbeatS) => startNetwork({ sites: {}, heartbeatS: everyS })
const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port)

/** A run that needs each site once, and how often each of its jobs was begun. */
async function attemptsOfRun(project: Project): Promise<number[]> {
  const run = await project.submit([Parallel(Pass(), Collect()), Finalize(Pass())])
  await run.result()
  return (await run.status()).jobs.map(({ attempts }) => attempts)
}

/** A log whose warnings are kept. */
function warnings(): { readonly said: readonly string[]; readonly logger: Logger } {
  const said: string[] = []
  const logger: Logger = { ...silentLogger, warn: (message) => said.push(message), with: () => logger }
  return { said, logger }
}

const isHeld = ({ headers }: IncomingMessage) => headers['content-type'] === mediaTypes.held

function pass(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode!, answer.headers)
  answer.pipe(outgoing)
}

/** An answer that ends before its end is passed on to nobody. */
function whole(answer: IncomingMessage, then: (body: Buffer) => void): void {
  buffer(answer).then(then, () => undefined)
}

/** Something that changes held answers, once they are whole, and passes on all others. */
function changing(port: number, change: (body: Buffer, answer: IncomingMessage, outgoing: ServerResponse) => void) {
  return answeringProxy(port, (answer, outgoing) => {
    if (isHeld(answer)) whole(answer, (body) => change(body, answer, outgoing))
    else pass(answer, outgoing)
  })
}

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

describe.concurrent('a client whose answers', () => {
  async function behind(passOn: Parameters<typeof answeringProxy>[1] | string, everyS?: number) {
    const acquired = new Releasers()
    const network = acquired.use(await startNode(everyS))
    const proxy =
      typeof passOn === 'string'
        ? acquired.use(await startNginx(portOf(network), passOn))
        : acquired.use(await answeringProxy(portOf(network), passOn))
    const url = 'url' in proxy ? proxy.url : `http://127.0.0.1:${proxy.port}`
    const { said, logger } = warnings()
    const client = await network.site('north', north, url, logger)
    // It delivers to the last, so its way has to be there until it has stopped.
    acquired.defer(() => client.stop(0))
    const seen = 'seen' in proxy ? proxy.seen : []
    const asked = () => seen.filter((line) => line === asking).length
    return { network, asked, said, [Symbol.asyncDispose]: () => acquired[Symbol.asyncDispose]() }
  }

  /** Jobs at several moments of what is asked between them: none is lost. */
  async function runsLoseNothing(network: Network): Promise<void> {
    const project = await network.project()
    for (let i = 0; i < 4; i++) {
      expect(await attemptsOfRun(project)).toEqual([1, 1])
      await after(i * 150)
    }
  }

  it('are passed on when they are whole gets each of its tasks, and warns of nothing', async () => {
    await using between = await behind((answer, outgoing) =>
      whole(answer, (body) => outgoing.writeHead(answer.statusCode!, answer.headers).end(body)),
    )
    await expect.poll(between.asked).toBeGreaterThan(2)
    await runsLoseNothing(between.network)
    expect(between.said).toEqual([])
  })

  it.runIf(nginxIsInstalled)(
    'are held back by an nginx that ignores what it is asked gets each of its tasks, and warns of nothing',
    async () => {
      await using between = await behind('proxy_ignore_headers X-Accel-Buffering;')
      await after(2 * heartbeatS * 1000)
      await runsLoseNothing(between.network)
      expect(between.said).toEqual([])
    },
  )

  it('are cut after some time whatever flows asks again, and warns of nothing', async () => {
    await using between = await behind((answer, outgoing) => {
      pass(answer, outgoing)
      let breaths = 0
      if (isHeld(answer)) answer.on('data', () => ++breaths === 4 && outgoing.destroy())
    })
    await expect.poll(between.asked).toBeGreaterThan(3)
    await runsLoseNothing(between.network)
    expect(between.said).toEqual([])
  })

  it('are cut before the first breath asks for less, and gets each of its tasks', async () => {
    // What is asked for less is answered shortly before a breath is due: time enough where that takes seconds.
    const everyS = 4
    await using between = await behind((answer, outgoing) => {
      if (isHeld(answer)) setTimeout(() => outgoing.destroy(), everyS * 500)
      else pass(answer, outgoing)
    }, everyS)
    await expect.poll(between.asked).toBeGreaterThan(2)
    await runsLoseNothing(between.network)
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

describe.concurrent('somebody between who can change what the node answers', () => {
  async function heldThrough(change: Parameters<typeof changing>[1]) {
    const network = await startNode()
    const proxy = await changing(portOf(network), change)
    const client = await clientByHand({ ...network, url: `http://127.0.0.1:${proxy.port}` })
    return {
      client,
      async [Symbol.asyncDispose]() {
        for (const each of [client, proxy, network]) await each[Symbol.asyncDispose]()
      },
    }
  }
  const waitS = 3 * heartbeatS

  it('can cut an answer off, which is no answer, and leave out or add breaths, which says nothing', async () => {
    const bodies: ((whole: Buffer) => Buffer)[] = [
      (whole) => Buffer.alloc(whole.indexOf(1)),
      (whole) => whole.subarray(0, -1),
      (whole) => whole.subarray(whole.indexOf(1)),
      (whole) => Buffer.concat([Buffer.alloc(5), whole]),
    ]
    let next = 0
    await using between = await heldThrough((whole, answer, outgoing) => {
      outgoing.writeHead(answer.statusCode!, answer.headers).end(bodies[next++]!(whole))
    })
    for (let i = 0; i < 2; i++) await expect(between.client.ask(waitS)).rejects.toMatchObject({ code: 'unavailable' })
    for (let i = 0; i < 2; i++) expect(await between.client.ask(waitS)).toEqual({ task: null })
  })

  it('is found out with an end of its own, that of another question, another question’s answer as a whole, or a head of its own', async () => {
    const seen: { readonly whole: Buffer; readonly headers: IncomingMessage['headers'] }[] = []
    await using between = await heldThrough((whole, { statusCode, headers }, outgoing) => {
      const [first] = seen
      const { signature: _, ...unsigned } = headers
      seen.push({ whole, headers })
      const forged = Buffer.concat([whole.subarray(0, whole.indexOf(1) + 5), Buffer.alloc(whole.length - whole.indexOf(1) - 5)])
      const answers = [
        { headers, whole },
        { headers, whole: forged },
        { headers, whole: first?.whole ?? whole },
        first,
        { headers: unsigned, whole },
      ]
      const { headers: sent, whole: body } = answers[seen.length - 1]!
      outgoing.writeHead(statusCode!, sent).end(body)
    })
    expect(await between.client.ask(waitS)).toEqual({ task: null })
    for (let i = 0; i < 4; i++) await expect(between.client.ask(waitS)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
