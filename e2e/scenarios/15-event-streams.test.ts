import { join } from 'node:path'
import {
  Aggregation,
  Collect,
  Count,
  connect,
  Estimate,
  Finalize,
  Iterate,
  Parallel,
  Pass,
  Query,
  type Step,
} from '@flotta/client-sdk'
import { createHttpClient, parseNodeUrl } from '@flotta/client-sdk/transport'
import { type ArtifactEvent, artifactEventSchema, parseJson, routes } from '@flotta/contract'
import { createRequest, openIdentity } from '@flotta/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEventStream } from '../../packages/client-sdk/src/transport/event-stream.ts'
import { Link } from '../chaos/link.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'
import { Tap } from '../support/tap.ts'

const steps: Step[] = [
  Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
  Iterate(5, [Parallel(Pass(), Collect()), Finalize(Pass())]),
]
let network: Network
beforeAll(async () => {
  network = await startNetwork({ sites: { north: madeUpTable({ rows: 30 }) } })
})
afterAll(() => network?.[Symbol.asyncDispose]())

describe('a stream of events', () => {
  it('that is cut in the middle, again and again, goes on where it was: nothing is lost and nothing is told twice', async () => {
    await using link = await Link.to(Number(new URL(network.url).port))
    const folder = join(network.folder, 'behind-the-link')
    await using workbench = await connect(`http://127.0.0.1:${link.port}`, { folder })
    const run = await (await workbench.project(network.token)).submit(steps)
    const told: number[] = []
    let cuts = 0
    for await (const { sequence } of run) {
      told.push(sequence)
      if (sequence % 7 !== 0) continue
      link.cut()
      cuts++
    }
    const { jobs, status } = await run.status()
    expect(status).toBe('COMPLETED')
    expect(cuts).toBeGreaterThan(2)
    expect(told.length).toBeGreaterThan(2 * jobs.length)
    expect(told).toEqual(told.map((_, index) => index + 1))
  })

  it('ends with the result, though the node goes away when it is asked how the artifact ended, and again within the download', async () => {
    await using tap = await Tap.before(Number(new URL(network.url).port))
    const folder = join(network.folder, 'behind-the-tap')
    await using workbench = await connect(`http://127.0.0.1:${tap.port}`, { folder })
    const run = await (await workbench.project(network.token)).submit(steps)
    const lost = [/^GET \/workbench\/artifacts\/\w+$/, /^GET \/resource\/\w+$/].map((message) =>
      tap.once('answered', message, async () => undefined),
    )
    expect(await run.result()).toMatchObject({ kind: 'Count', count: 30 })
    await Promise.all(lost)
  })

  it('goes on after the event that Last-Event-ID names, and its messages carry such ids', async () => {
    const folder = join(network.folder, 'by-hand')
    await using workbench = await connect(network.url, { folder })
    const run = await (await workbench.project(network.token)).submit(steps)
    await run.result()
    const all: ArtifactEvent[] = []
    for await (const event of run) all.push(event)

    const node = parseNodeUrl(network.url)
    const http = createHttpClient(node)
    const path = routes.workbench.events.path.replace(':artifactId', run.id)
    const { headers, responses } = createRequest({
      sender: openIdentity(folder),
      recipient: network.node.key,
      method: 'GET',
      path,
      query: '',
      nowMs: Date.now(),
    })
    const answer = await http.send({ method: 'GET', path, headers: { ...headers, 'last-event-id': '4' } })
    expect(responses.verifyHead({ status: answer.status, headers: answer.headers }).ok).toBe(true)
    const frames = responses.events()
    const rest: ArtifactEvent[] = []
    for await (const { id, data } of readEventStream(answer.body)) {
      const event = artifactEventSchema.parse(parseJson(Buffer.from(frames.open(data)!).toString('utf8')))
      expect(id).toBe(String(event.sequence))
      rest.push(event)
    }
    await http.close()
    expect(rest).toEqual(all.slice(4))
  })

  it('after the last event ends at once, by `after` as by Last-Event-ID', async () => {
    const folder = join(network.folder, 'to-the-end')
    await using workbench = await connect(network.url, { folder })
    const run = await (await workbench.project(network.token)).submit(steps)
    let last = 0
    for await (const { sequence } of run) last = sequence
    for await (const event of run.events({ after: last, timeoutMs: 5000 })) expect(event).toBeUndefined()

    const path = routes.workbench.events.path.replace(':artifactId', run.id)
    const sender = openIdentity(folder)
    const asked = { sender, recipient: network.node.key, method: 'GET', path, nowMs: Date.now() }
    const http = createHttpClient(parseNodeUrl(network.url))
    for (const [query, more] of [
      [`?after=${last}`, {}],
      ['', { 'last-event-id': String(last) }],
    ] as const) {
      const { headers } = createRequest({ ...asked, query })
      const signal = AbortSignal.timeout(5000)
      const answer = await http.send({ method: 'GET', path: path + query, headers: { ...headers, ...more }, signal })
      expect(answer.status).toBe(200)
      for await (const message of readEventStream(answer.body)) expect(message).toBeUndefined()
    }
    await http.close()
  })
})
