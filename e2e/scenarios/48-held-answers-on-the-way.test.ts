import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { Collect, Finalize, Parallel, Pass, type Project } from '@flotta/client-sdk'
import { mediaTypes } from '@flotta/contract'
import { type Logger, silentLogger } from '@flotta/runtime'
import { describe, expect, it } from 'vitest'
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
