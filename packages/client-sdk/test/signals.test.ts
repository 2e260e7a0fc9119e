import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ArtifactId, KeyDocument, ProjectView } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  FederatedRandomForestClassifier,
  FederatedStandardScaler,
  Finalize,
  Pass,
  Project,
  type ProjectContext,
  Run,
  Statistics,
  Workbench,
} from '../src/index.ts'
import { createHttpClient, type HttpClient } from '../src/transport/http-client.ts'
import { NodeConnection } from '../src/transport/node-connection.ts'
import { parseNodeUrl } from '../src/transport/node-url.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-signals-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A server that takes every request and answers nothing, or half of an answer. */
let server: Server
let url: string
let http: HttpClient
let context: ProjectContext
let answer: 'none' | 'half'
/** How many requests the server has taken. */
let asked: number

beforeEach(async () => {
  answer = 'none'
  asked = 0
  server = createServer((request, response) => {
    asked++
    request.resume()
    if (answer === 'half') response.writeHead(200, { 'content-length': '100' }).write('{')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const node = parseNodeUrl(url)
  http = createHttpClient(node)
  const nodeKey = generateIdentity().document as KeyDocument
  const identity = generateIdentity()
  context = { identity, connection: new NodeConnection({ http, node, nodeKey, identity, nowMs: Date.now }) }
})
afterEach(async () => {
  await http.close()
  server.closeAllConnections()
  server.close()
})

const featureOf = (name: string, type: 'float' | 'boolean') => {
  const nothing = { typesAt: [], units: [], datasources: [], records: 2, missing: null, mean: null, std: null }
  return { name, types: [type], ...nothing } as unknown as ProjectView['features'][number]
}
const view: ProjectView = {
  id: 'prj_aaaaaaaaaaaaaaaaaaaaaaaaaa' as ProjectView['id'],
  name: 'silent',
  records: 2,
  clients: [],
  features: [featureOf('age', 'float'), featureOf('weight', 'float'), featureOf('sick', 'boolean')],
  datasources: [],
}
const project = () => new Project(view, context)
const run = () => new Run('art_aaaaaaaaaaaaaaaaaaaaaaaaaa' as ArtifactId, context)
const workbench = () => {
  const { connection, identity } = context
  const node = { key: connection.nodeKey, name: 'silent', mode: 'node', protocol: '1.0' } as never
  return new Workbench({ connected: { connection, node, close: async () => undefined }, identity, name: 'test' })
}
const model = FederatedRandomForestClassifier({ nEstimators: 1 })
const prepare = [FederatedStandardScaler({ features: ['age'] })]
const steps = [Finalize(Pass())]

type Options = { readonly signal: AbortSignal }
type Calls = Readonly<Record<string, (options: Options) => Promise<unknown>>>

/** Every method that asks the node, by the class that it is told of in the documentation. */
const calls: Readonly<Record<'Workbench' | 'Project' | 'Run' | 'Statistics', Calls>> = {
  Workbench: { project: (options) => workbench().project(`flt_project_${'A'.repeat(43)}`, options) },
  Project: {
    refresh: (options) => project().refresh(options),
    preflight: (options) => project().preflight(steps, options),
    submit: (options) => project().submit(steps, options),
    train: (options) => project().train({ model, label: 'sick' }, options),
    fit: (options) => project().fit({ label: 'sick', features: ['age'], prepare }, options),
    describe: (options) => project().describe(['age'], options),
  },
  Run: {
    status: (options) => run().status(options),
    cancel: (options) => run().cancel(options),
    events: async (options) => {
      for await (const _ of run().events(options));
    },
    result: (options) => run().result(options),
    resultOf: (options) => run().resultOf('Count', options),
    siteMetrics: (options) => run().siteMetrics(options),
    participants: (options) => run().participants(options),
  },
  Statistics: {
    count: (options) => project().count(options),
    sum: (options) => project().sum(['age'], options),
    mean: (options) => project().mean(['age'], options),
    variance: (options) => project().variance(['age'], options),
    std: (options) => project().std(['age'], options),
    missing: (options) => project().missing(['age'], options),
    extremes: (options) => project().extremes(['age'], options),
    quantiles: (options) => project().quantiles(['age'], [0.5], options),
    median: (options) => project().median(['age'], options),
    describe: (options) => project().describe(['age'], options),
    valueCounts: (options) => project().valueCounts('sick', options),
    histogram: (options) => project().histogram('age', [0, 50, 100], options),
    groupBy: (options) => project().groupBy(['sick'], [], options),
    contingency: (options) => project().contingency('sick', 'sick', options),
    tTest: (options) => project().tTest('age', 'sick', options),
    anova: (options) => project().anova('age', 'sick', options),
    proportion: (options) => project().proportion('sick', true, options),
    covariance: (options) => project().covariance(['age', 'weight'], options),
    correlation: (options) => project().correlation(['age', 'weight'], options),
    kaplanMeier: (options) => project().kaplanMeier({ time: 'age', event: 'sick', grid: [1, 2] }, options),
  },
}
const classes = { Workbench, Project, Run, Statistics }
/** Methods that ask nobody, or are inherited from what is listed. */
const silent = new Set(['constructor', 'agreedValues', 'feature', 'run', 'close'])

describe('a signal', () => {
  it('is taken by everything that asks the node', () => {
    for (const [name, { prototype }] of Object.entries(classes)) {
      const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([method, { value }]) =>
        typeof value === 'function' && !silent.has(method) ? [method] : [],
      )
      expect(Object.keys(calls[name as keyof typeof calls]).sort(), name).toEqual(methods.sort())
    }
  })

  const each = Object.entries(calls).flatMap(([name, methods]) =>
    Object.entries(methods).map(([method, call]) => [`${name}.${method}`, call] as const),
  )

  it.each(each)('ends %s at once, with its reason', async (_, call) => {
    const wanted = new AbortController()
    const reason = new Error('not wanted')
    const calling = call({ signal: wanted.signal })
    await expect.poll(() => asked, { interval: 5 }).toBeGreaterThan(0)
    wanted.abort(reason)
    await expect(calling).rejects.toBe(reason)
  })

  it('ends what waits for the rest of an answer, with its reason', async () => {
    answer = 'half'
    const asking: readonly ((options: Options) => Promise<unknown>)[] = [
      (options) => project().refresh(options),
      (options) => run().result(options),
      (options) => connect(url, { folder, ...options }),
    ]
    for (const ask of asking) {
      const wanted = new AbortController()
      const reason = new Error('not wanted')
      const waiting = ask({ signal: wanted.signal })
      await after(50)
      wanted.abort(reason)
      await expect(waiting).rejects.toBe(reason)
    }
  })
})

describe('the limit of a wait', () => {
  it.each([30 * 24 * 60 * 60 * 1000, Number.POSITIVE_INFINITY])('of %d ms is not over at once', async (timeoutMs) => {
    const wanted = new AbortController()
    const waiting = run().result({ timeoutMs, signal: wanted.signal })
    await Promise.race([waiting.catch(() => undefined), after(100)])
    wanted.abort('not wanted')
    await expect(waiting).rejects.toBe('not wanted')
  })

  const collectGarbage = (): void => {
    setFlagsFromString('--expose-gc')
    ;(runInNewContext('gc') as () => void)()
  }

  it.each([
    ['its own', () => ({ timeoutMs: 1000 })],
    ['that of a signal that nobody else holds', () => ({ signal: AbortSignal.timeout(1000) })],
    ['both', () => ({ signal: AbortSignal.timeout(1000), timeoutMs: 60_000 })],
  ])('is kept whatever the garbage collection does: %s', async (_, options) => {
    const waiting = run()
      .result(options())
      .catch(({ code }: { code?: unknown }) => code)
    await expect.poll(() => asked, { interval: 5 }).toBeGreaterThan(0)
    await after(20)
    collectGarbage()
    await after(20)
    collectGarbage()
    const ended = await Promise.race([waiting, after(30_000, 'it still waits')])
    expect(ended).toBe('wait_timeout')
  })
})

describe('an answer that breaks off', () => {
  it('is a node that is away, and not something else at its address', async () => {
    answer = 'half'
    const connecting = connect(url, { folder })
    await expect.poll(() => asked, { interval: 5 }).toBeGreaterThan(0)
    await after(20)
    server.closeAllConnections()
    await expect(connecting).rejects.toMatchObject({ code: 'unavailable' })
  })
})
