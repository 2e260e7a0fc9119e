import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@flotta/client-sdk'
import { type Logger, silentLogger } from '@flotta/runtime'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { forwardProxy, loopbackTls, meddlingProxy, tlsReverseProxy } from '../support/between.ts'
import { forestSteps } from '../support/forest.ts'
import { startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 100, seed: 1 })
const ca = readFileSync(loopbackTls.authority, 'utf8')

describe('a node behind a reverse proxy that ends TLS and has a path prefix', () => {
  it('serves a client that trusts the authority by exchange.ca, one that trusts it by NODE_EXTRA_CA_CERTS, and a researcher', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    await using proxy = await tlsReverseProxy(network.port, '/flotta')
    const url = `https://localhost:${proxy.port}/flotta`
    const joining = { join: { first: false, url } }
    const clients = [
      network.startClient('north', north, { ...joining, exchange: { ca: loopbackTls.authority } }),
      network.startClient('south', madeUpTable({ rows: 50 }), joining, { NODE_EXTRA_CA_CERTS: loopbackTls.authority }),
    ]
    await Promise.all(clients.map((client) => client.said(/joined the node/)))
    await using workbench = await connect(url, { folder: join(network.folder, 'workbench'), ca })
    expect((await (await workbench.project(network.token)).count()).count).toBe(150)
    expect(proxy.seen).toContain('POST /flotta/task/next')
  })

  it('tells a client that does not trust its authority what to do, and one that is redirected where to', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    await using proxy = await tlsReverseProxy(network.port, '/flotta')
    const trusting = { exchange: { ca: loopbackTls.authority } }
    const url = `https://localhost:${proxy.port}`
    const [distrustful, astray] = [
      network.startClient('north', north, { join: { first: false, url: `${url}/flotta` } }),
      network.startClient('south', north, { join: { first: false, url }, ...trusting }),
    ]
    await distrustful.said(/not signed by an authority that this machine trusts.*exchange\.ca/)
    await astray.said(/a redirect \(301\) to \/flotta, which is not followed/)
  })

  it('answers below the path of node.url too, for a proxy that leaves its prefix on', async () => {
    await using network = await AppNetwork.create({ node: { url: 'https://example.org/flotta' } })
    await network.startNode()
    const folder = join(network.folder, 'workbench')
    for (const url of [network.url, `${network.url}/flotta`]) {
      await using workbench = await connect(url, { folder })
      expect((await workbench.project(network.token)).name).toBe('apps')
    }
  })
})

describe('a node that speaks https itself', () => {
  it('is joined and asked with its certificate checked, and not at all by http', async () => {
    const { certificate, key } = loopbackTls
    await using network = await AppNetwork.create({ node: { protocol: 'https', tls: { certificate, key } } })
    await network.startNode()
    const client = network.startClient('north', north, {
      join: { first: false, url: `https://127.0.0.1:${network.port}` },
      exchange: { ca: loopbackTls.authority },
    })
    await client.said(/joined the node/)
    const folder = join(network.folder, 'workbench')
    await using workbench = await connect(`https://localhost:${network.port}`, { folder, ca })
    expect((await (await workbench.project(network.token)).count()).count).toBe(100)
    await expect(connect(network.url, { folder })).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a client behind a proxy on the way out', () => {
  it('takes it from HTTP_PROXY, with a password that no log repeats', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    await using proxy = await forwardProxy({ credentials: 'hospital:s3cret-word' })
    const env = { HTTP_PROXY: `http://hospital:s3cret-word@127.0.0.1:${proxy.port}` }
    const client = network.startClient('north', north, {}, env)
    await client.said(/joined the node/)
    await using workbench = await connect(network.url, { folder: join(network.folder, 'workbench') })
    expect((await (await workbench.project(network.token)).count()).count).toBe(100)
    expect(proxy.seen).toContain(`CONNECT 127.0.0.1:${network.port}`)
    expect(client.lines.join('\n')).not.toContain('s3cret-word')
  })

  it('says that the proxy wants a password, without the one that was wrong', async () => {
    await using network = await AppNetwork.create()
    await using proxy = await forwardProxy({ credentials: 'hospital:s3cret-word' })
    const client = network.startClient('north', north, {
      exchange: { proxy: `http://hospital:wr0ng-word@127.0.0.1:${proxy.port}` },
    })
    await client.said(/over the proxy 127\.0\.0\.1:\d+ \(407: the proxy wants a user and a password/)
    expect(client.lines.join('\n')).not.toContain('wr0ng-word')
  })

  it('has its requests forwarded by a proxy that opens no tunnel to http', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    await using proxy = await forwardProxy({ tunnels: false })
    const client = network.startClient('north', north, { exchange: { proxy: `http://127.0.0.1:${proxy.port}` } })
    await client.said(/joined the node/)
    expect(proxy.seen).toContain(`POST ${network.url}/node/join`)
  })

  it('goes to a node that NO_PROXY names directly', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    await using proxy = await forwardProxy()
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '10.0.0.0/8,127.0.0.0/8' }
    await network.startClient('north', north, {}, env).said(/joined the node/)
    expect(proxy.seen).toEqual([])
  })
})

describe('something on the way that answers in the place of the node', () => {
  it('costs a try of whatever it answers, and neither a job nor the standing of the client', async () => {
    const answers = new Map([
      [/^POST \/node\/join$/, [403]],
      [/ \/client\/datasources$/, [404]],
      [/^POST \/task\/next$/, [200]],
      [/^PUT \/resource\//, [500]],
      [/\/complete$/, [500, 403, 200]],
    ])
    const warnings: string[] = []
    await using network = await startNetwork({ sites: {} })
    await using proxy = await meddlingProxy(Number(new URL(network.url).port), (message) =>
      [...answers].find(([wanted, left]) => wanted.test(message) && left.length > 0)?.[1].shift(),
    )
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message), with: () => logger }
    await network.site('north', madeUpTable({ rows: 1500, seed: 1 }), `http://127.0.0.1:${proxy.port}`, logger)
    const run = await (await network.project()).submit(forestSteps({ nEstimators: 60 }))
    await run.resultOf('RandomForestClassifier')
    const { jobs } = await run.status()
    expect(jobs.map(({ attempts, failures }) => [attempts, failures])).toEqual(jobs.map(() => [1, []]))
    expect([...answers].filter(([, left]) => left.length > 0)).toEqual([])
    expect(warnings).toContainEqual(
      expect.stringMatching(/^completing a job: .*node at http:.*answered in its place \(status 403, content-type: text\/html/),
    )
  })
})
