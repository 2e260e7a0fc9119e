import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppNetwork, urlOf } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { loopbackTls } from '../support/between.ts'
import { listeningPorts } from '../support/listening-ports.ts'

const csv = `x\n${Array.from({ length: 40 }, (_, row) => row).join('\n')}\n`
const quick = { healthcheck: 1 }
const patient = { interval: 500 }

/** What `health` says of a component, and its exit code. */
async function health(network: AppNetwork, app: 'node' | 'client', name: string, ...args: string[]) {
  const command = network.run(app, name, 'health', '--format', 'jsonl', ...args)
  const code = await command.exited
  const findings = command.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  return {
    code,
    failed: findings.filter(({ result }) => result === 'failed').map(({ check }) => check),
    said: command.lines.join('\n'),
  }
}

describe('a client without a port', () => {
  let network: AppNetwork
  let client: AppProcess
  beforeAll(async () => {
    network = await AppNetwork.create()
  })
  afterAll(() => network[Symbol.asyncDispose]())

  it('tells its owner that it lives, also while its node is away, and by --ready what it waits for', async () => {
    client = network.startClient('site', csv, { node: { name: 'site', ...quick } })
    await expect.poll(() => health(network, 'client', 'site'), patient).toMatchObject({ code: 0 })
    await expect
      .poll(() => health(network, 'client', 'site', '--ready'), patient)
      .toMatchObject({ code: 7, failed: ['node'], said: expect.stringContaining('ECONNREFUSED') })
    expect(listeningPorts(client.pid)).toEqual([])
  })

  it('is ready as soon as the node has let it in', async () => {
    await network.startNode()
    await client.said(/joined the node/)
    await expect.poll(() => health(network, 'client', 'site', '--ready'), patient).toMatchObject({ code: 0, failed: [] })
  })

  it('is found dead after a kill, by the reports that are missing', async () => {
    client.kill('SIGKILL')
    await client.exited
    await expect
      .poll(() => health(network, 'client', 'site'), patient)
      .toMatchObject({ code: 7, said: expect.stringContaining('was killed, or hangs') })
  })

  it('leaves no report behind when it ends in order', async () => {
    client = network.startClient('site', csv, { node: { name: 'site', ...quick } })
    await client.said(/joined the node/)
    await expect.poll(() => health(network, 'client', 'site'), patient).toMatchObject({ code: 0 })
    client.kill('SIGTERM')
    expect(await client.exited).toBe(0)
    expect(existsSync(join(network.folder, 'site', 'health.json'))).toBe(false)
    expect(await health(network, 'client', 'site')).toMatchObject({ code: 7, said: expect.stringContaining('does not run here') })
  })
})

describe('a client with a port for its owner', () => {
  let network: AppNetwork
  let port: number
  let client: AppProcess
  const get = (path: string, init?: RequestInit) => fetch(`${urlOf(port)}${path}`, init)

  beforeAll(async () => {
    network = await AppNetwork.create()
    await network.startNode()
    port = await freePort()
    const node = { name: 'open', interface: '127.0.0.1', port, ...quick }
    client = network.startClient('open', csv, { node, metrics: { enabled: true } })
    await client.said(/answers its owner/)
  })
  afterAll(() => network[Symbol.asyncDispose]())

  it('says there that it lives and works, and that it is a client', async () => {
    expect(listeningPorts(client.pid)).toEqual([port])
    await expect.poll(async () => (await get('/readyz')).status, patient).toBe(200)
    const healthz = await get('/healthz')
    expect(await healthz.json()).toEqual({ status: 'ok' })
    expect(healthz.headers.get('flotta-component')).toBe('client')
    const checks = ['node', 'tables', 'storage'].map((name) => ({ name, ok: true }))
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', checks })
  })

  it('counts its jobs, its tables and whether it has joined, and names nobody', async () => {
    const project = await network.project()
    expect((await project.count()).count).toBe(40)
    const told = async () => (await get('/metrics')).text()
    // A client counts a job when the node has answered, which a researcher may have heard of before.
    await expect.poll(told, patient).toContain('flotta_client_jobs_total{outcome="completed"} 1')
    const metrics = await told()
    for (const line of ['flotta_client_joined 1', 'flotta_client_tables{state="usable"} 1']) expect(metrics).toContain(line)
    for (const name of ['open', network.token, client.pid.toString(), 'apps']) expect(metrics).not.toContain(`"${name}"`)
  })

  it('takes no work there, and answers nothing else', async () => {
    for (const path of ['/node/key', '/tasks/next', '/', '/openapi.json']) expect((await get(path)).status).toBe(404)
    expect((await get('/node/join', { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('is not taken for a node by who joins there: he is told what answers', async () => {
    const lost = network.startClient('lost', csv, { join: { first: false, url: urlOf(port) } })
    await lost.said(/a flotta client's maintenance port/)
    lost.kill('SIGTERM')
    await lost.exited
  })

  it('is not ready while a table can not be read, and names the check without detail', async () => {
    writeFileSync(join(network.folder, 'open.csv'), 'x\n1,2\n')
    const told = async () => {
      const answer = await get('/readyz')
      return { status: answer.status, retryAfter: answer.headers.get('retry-after'), problem: (await answer.json()) as unknown }
    }
    const problem = { code: 'unavailable', detail: 'The client is not ready: tables.' }
    await expect.poll(told, patient).toMatchObject({ status: 503, retryAfter: '2', problem })
    await expect.poll(() => health(network, 'client', 'open', '--ready'), patient).toMatchObject({ code: 7, failed: ['tables'] })
  })
})

describe('a node', () => {
  it('is asked by `health` on its own port, by TLS where it speaks that, whatever name its certificate is for', async () => {
    await using network = await AppNetwork.create()
    const tls = { certificate: loopbackTls.certificate, key: loopbackTls.key }
    const node = await network.startNodeOf('sealed', await freePort(), {
      join: { first: true },
      node: { protocol: 'https', tls },
    })
    expect(await health(network, 'node', 'sealed', '--ready')).toMatchObject({ code: 0, failed: [] })
    node.kill('SIGKILL')
    await node.exited
    expect(await health(network, 'node', 'sealed')).toMatchObject({ code: 7, failed: ['process'] })
  })
})
