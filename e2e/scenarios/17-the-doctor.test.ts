import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Config, loadConfig } from '@flotta/config'
import { createToken, generateIdentity, openIdentity } from '@flotta/crypto'
import { createNode, createPoolExecutor, silentLogger } from '@flotta/runtime'
import { openStore } from '@flotta/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { examine } from '../../apps/client/src/doctor/check.ts'
import { datasourceChecks, keyCheck } from '../../apps/client/src/doctor/machine-checks.ts'
import { networkChecks } from '../../apps/client/src/doctor/network-checks.ts'
import { freePort } from '../support/free-port.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

describe('the doctor of a client names what is wrong', () => {
  let network: Network
  beforeAll(async () => {
    network = await startNetwork({ sites: { north: madeUpTable({ rows: 50 }) } })
  })
  afterAll(() => network[Symbol.asyncDispose]())

  function configOf(join_: Record<string, unknown> = {}, site: { workdir?: string; path?: string; token?: string } = {}): Config {
    const workdir = site.workdir ?? join(network.folder, 'north')
    const datasource = { name: 'north', path: site.path ?? join(workdir, 'table.csv'), token: site.token ?? network.token }
    const file = join(network.folder, 'doctor.yaml')
    writeFileSync(
      file,
      stringify({ mode: 'client', workdir, join: { first: false, url: network.url, ...join_ }, datasources: [datasource] }),
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
})
