import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Config, loadConfig } from '@flotta/config'
import { createToken, generateIdentity, openIdentity } from '@flotta/crypto'
import { createNode, createPoolExecutor, silentLogger } from '@flotta/runtime'
import { openStore } from '@flotta/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { examine } from '../../apps/client/src/doctor/check.ts'
import { datasourceChecks, diskCheck, keyCheck } from '../../apps/client/src/doctor/machine-checks.ts'
import { networkChecks } from '../../apps/client/src/doctor/network-checks.ts'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { forwardProxy, loopbackTls, tlsReverseProxy } from '../support/between.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

describe('the doctor of a client names what is wrong', () => {
  let network: Network
  beforeAll(async () => {
    network = await startNetwork({ sites: { north: madeUpTable({ rows: 50 }) } })
  })
  afterAll(() => network[Symbol.asyncDispose]())

  function configOf(
    join_: Record<string, unknown> = {},
    site: { workdir?: string; path?: string; token?: string } = {},
    sections: Record<string, unknown> = {},
  ): Config {
    const workdir = site.workdir ?? join(network.folder, 'north')
    const datasource = { name: 'north', path: site.path ?? join(workdir, 'table.csv'), token: site.token ?? network.token }
    const file = join(network.folder, 'doctor.yaml')
    writeFileSync(
      file,
      stringify({
        mode: 'client',
        workdir,
        join: { first: false, url: network.url, ...join_ },
        datasources: [datasource],
        ...sections,
      }),
    )
    return loadConfig({ file, env: {} }).config
  }

  /** The check that failed, with what it said, and the exit code. */
  async function diagnosis(config: Config) {
    const { findings, exitCode } = await examine([[keyCheck(config)], datasourceChecks(config), networkChecks(config)])
    const failed = findings.filter(({ result }) => result === 'failed')
    return { failed: failed.map(({ check }) => check), detail: failed.map(({ detail }) => detail).join('; '), exitCode, findings }
  }

  it('nothing, where all is well', async () => {
    const { failed, findings, exitCode } = await diagnosis(configOf())
    expect(failed).toEqual([])
    expect(exitCode).toBe(0)
    expect(findings.filter(({ result }) => result === 'ok').map(({ check }) => check)).toEqual(
      expect.arrayContaining(['key', 'data source north', 'tcp', 'node', 'version', 'clock', 'admission']),
    )
  })

  it('a closed port', async () => {
    const { failed, detail, exitCode, findings } = await diagnosis(configOf({ url: `http://127.0.0.1:${await freePort()}` }))
    expect({ failed, exitCode }).toEqual({ failed: ['tcp'], exitCode: 7 })
    expect(detail).toMatch(/nothing listens there/)
    expect(findings.at(-1)).toMatchObject({ check: 'admission', result: 'skipped', detail: 'because tcp failed' })
  })

  it('a name that there is not', async () => {
    const { failed, exitCode } = await diagnosis(configOf({ url: 'http://node.invalid:1456' }))
    expect({ failed, exitCode }).toEqual({ failed: ['dns'], exitCode: 7 })
  })

  it('https where http is spoken', async () => {
    const { failed, detail, exitCode } = await diagnosis(configOf({ url: network.url.replace('http:', 'https:') }))
    expect({ failed, exitCode }).toEqual({ failed: ['tls'], exitCode: 7 })
    expect(detail).toMatch(/does not speak TLS: is the URL http/)
  })

  it('another node than the expected one', async () => {
    const { failed, exitCode } = await diagnosis(configOf({ fingerprint: 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa' }))
    expect({ failed, exitCode }).toEqual({ failed: ['node'], exitCode: 4 })
  })

  it('a web server where a node should be', async () => {
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { failed, detail, exitCode } = await diagnosis(
      configOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    )
    server.close()
    expect({ failed, exitCode }).toEqual({ failed: ['node'], exitCode: 4 })
    expect(detail).toMatch(/HTML/)
  })

  it('a clock that differs by more than is tolerated', async () => {
    await using store = await openStore({ database: { kind: 'memory' } })
    await using executor = createPoolExecutor({ workers: 1, memoryMb: 256, timeoutMs: 1000, logger: silentLogger })
    const projects = [{ name: 'p', token: network.token }]
    const nowMs = () => Date.now() + 600_000
    const workdir = join(network.folder, 'late')
    await using late = await createNode({ store, executor, identity: generateIdentity(), workdir, projects, nowMs })
    const url = `http://127.0.0.1:${await late.listen({ host: '127.0.0.1', port: 0 })}`
    const { failed, detail, exitCode } = await diagnosis(configOf({ url }))
    expect({ failed, exitCode }).toEqual({ failed: ['clock'], exitCode: 4 })
    expect(detail).toMatch(/NTP/)
  })

  it('a token that the node does not know', async () => {
    const workdir = join(network.folder, 'stranger')
    openIdentity(join(workdir, 'keys'))
    writeFileSync(join(workdir, 'table.csv'), 'a\n1\n')
    const { failed, exitCode } = await diagnosis(configOf({}, { workdir, token: createToken('project') }))
    expect({ failed, exitCode }).toEqual({ failed: ['admission'], exitCode: 4 })
  })

  it('a key that others may read', async () => {
    const workdir = join(network.folder, 'open')
    openIdentity(join(workdir, 'keys'))
    chmodSync(join(workdir, 'keys', 'component.key'), 0o644)
    mkdirSync(workdir, { recursive: true })
    const config = configOf({}, { workdir })
    const { findings, exitCode } = await examine([[keyCheck(config)]])
    expect(exitCode).toBe(3)
    expect(findings[0]).toMatchObject({ check: 'key', result: 'failed', detail: expect.stringContaining('chmod') })
  })

  it('a table that is not there', async () => {
    const { failed, exitCode } = await diagnosis(configOf({}, { path: join(network.folder, 'nowhere.csv') }))
    expect({ failed, exitCode }).toEqual({ failed: ['data source north'], exitCode: 3 })
  })

  it('a certificate whose authority is not trusted', async () => {
    await using proxy = await tlsReverseProxy(Number(new URL(network.url).port), '')
    const url = `https://localhost:${proxy.port}`
    const distrusted = await diagnosis(configOf({ url }))
    expect(distrusted).toMatchObject({ failed: ['tls'], exitCode: 7, detail: expect.stringContaining('exchange.ca') })
    const trusting = { exchange: { ca: loopbackTls.authority } }
    expect(await diagnosis(configOf({ url }, {}, trusting))).toMatchObject({ failed: [], exitCode: 0 })
  })

  it('a proxy that wants a password, one that opens no tunnel, and one that is not there; no password is repeated', async () => {
    await using strict = await forwardProxy({ credentials: 'hospital:s3cret-word' })
    const over = (port: number, credentials = '') => ({ exchange: { proxy: `http://${credentials}127.0.0.1:${port}` } })
    expect(await diagnosis(configOf({}, {}, over(strict.port, 'hospital:s3cret-word@')))).toMatchObject({
      failed: [],
      exitCode: 0,
    })
    const wrong = await diagnosis(configOf({}, {}, over(strict.port, 'hospital:wr0ng-word@')))
    expect(wrong).toMatchObject({ failed: ['proxy'], exitCode: 7, detail: expect.stringMatching(/407.*user and a password/) })
    expect(JSON.stringify(wrong.findings)).not.toContain('wr0ng-word')
    await using closed = await forwardProxy({ tunnels: false })
    const tunnel = await diagnosis(configOf({ url: 'https://node.example.org' }, {}, over(closed.port)))
    expect(tunnel).toMatchObject({ failed: ['proxy'], exitCode: 7, detail: expect.stringMatching(/403.*node\.example\.org/) })
    expect(await diagnosis(configOf({}, {}, over(closed.port)))).toMatchObject({ failed: [], exitCode: 0 })
    expect(await diagnosis(configOf({}, {}, over(await freePort())))).toMatchObject({ failed: ['tcp'], exitCode: 7 })
  })

  it('a node whose key is another than the one that was pinned', async () => {
    const workdir = join(network.folder, 'pinned')
    openIdentity(join(workdir, 'keys'))
    writeFileSync(join(workdir, 'table.csv'), 'a\n1\n')
    const pins = { [network.url]: 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa' }
    writeFileSync(join(workdir, 'known-nodes.json'), JSON.stringify(pins))
    const found = await diagnosis(configOf({}, { workdir }))
    expect(found).toMatchObject({ failed: ['node'], exitCode: 4, detail: expect.stringContaining('known-nodes.json') })
  })

  it('a node of another version of the protocol', async () => {
    const key = (await (await fetch(`${network.url}/node/key`)).json()) as { protocol: number }
    const newer = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...key, protocol: key.protocol + 1 })),
    )
    await new Promise<void>((resolve) => newer.listen(0, '127.0.0.1', resolve))
    const found = await diagnosis(configOf({ url: `http://127.0.0.1:${(newer.address() as AddressInfo).port}` }))
    newer.close()
    expect(found).toMatchObject({ failed: ['version'], exitCode: 8, detail: expect.stringContaining('update the older one') })
  })

  it('a node whose operator has not let it in yet', async () => {
    await using strict = await startNetwork({ sites: {}, admission: 'approval' })
    const found = await diagnosis(configOf({ url: strict.url }, { token: strict.token }))
    expect(found).toMatchObject({ failed: ['admission'], exitCode: 4, detail: expect.stringMatching(/operator .* approve cmp_/) })
  })

  it('a disk that is full, and a working directory that is none', async () => {
    const full = configOf({}, {}, { storage: { minimum_free_mb: 1_048_576 } })
    const disk = await examine([[diskCheck(full)]])
    expect(disk).toMatchObject({ exitCode: 7, findings: [{ detail: expect.stringMatching(/MB are free, fewer than/) }] })
    const file = configOf({}, { workdir: join(network.folder, 'north', 'table.csv', 'work') })
    const none = await examine([[diskCheck(file)]])
    expect(none).toMatchObject({ exitCode: 7, findings: [{ detail: expect.stringMatching(/is no folder; correct workdir/) }] })
  })

  const faketime = spawnSync('faketime', ['--version']).error === undefined
  it.skipIf(!faketime)(
    'as a process: all is well, a clock an hour late, a certificate that has expired by its clock',
    async () => {
      await using proxy = await tlsReverseProxy(Number(new URL(network.url).port), '')
      const script = fileURLToPath(new URL('../../apps/client/bin/flotta-client.js', import.meta.url))
      const doctor = async (config: string, ...clock: string[]) => {
        const [command, ...rest] = [...clock, process.execPath, script, 'doctor', '-c', config, '--format', 'json']
        const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
        const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
        const findings = JSON.parse(await text(child.stdout)) as { check: string; result: string; detail: string }[]
        return { exitCode: await exited, failed: findings.filter(({ result }) => result === 'failed') }
      }
      configOf()
      const plain = join(network.folder, 'doctor.yaml')
      expect(await doctor(plain)).toEqual({ exitCode: 0, failed: [] })
      const late = await doctor(plain, 'faketime', '-f', '-1h')
      expect(late).toMatchObject({ exitCode: 4, failed: [{ check: 'clock', detail: expect.stringContaining('NTP') }] })
      configOf({ url: `https://localhost:${proxy.port}` }, {}, { exchange: { ca: loopbackTls.authority } })
      const expired = await doctor(plain, 'faketime', '2190-01-01 00:00:00')
      expect(expired).toMatchObject({ exitCode: 7, failed: [{ check: 'tls', detail: expect.stringContaining('has expired') }] })
    },
  )
})
