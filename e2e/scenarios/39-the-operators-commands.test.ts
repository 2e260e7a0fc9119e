import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Workbench } from '@flotta/client-sdk'
import { createToken } from '@flotta/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../packages/store/src/sqlite/open-sqlite.ts'
import { AppNetwork } from '../support/app-network.ts'
import { type Ended, runCommand } from '../support/run-command.ts'
import { madeUpTable } from '../support/tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-operator-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an operator and his running node', () => {
  let network: AppNetwork
  let workbench: Workbench
  const flotta = (...args: string[]): Promise<Ended> => runCommand('flotta', [...args, '-c', join(network.folder, 'node.yaml')])
  const items = async (...args: string[]) =>
    JSON.parse((await flotta(...args, '--format', 'json')).out) as Record<string, string>[]

  beforeAll(async () => {
    network = await AppNetwork.create({
      database: { dialect: 'sqlite', host: './node.db' },
      metrics: { enabled: true },
      logging: { format: 'json' },
    })
    const node = await network.startNode()
    await network.startClient('north', madeUpTable({ rows: 200 })).said(/joined the node/)
    await node.said(/client joined/)
    workbench = await connect(network.url, { folder: join(network.folder, 'workbench') })
    const project = await workbench.project(network.token)
    while ((await project.refresh()).clients.length < 1) await new Promise((resolve) => setTimeout(resolve, 50))
    await project.count()
  })
  afterAll(() => network[Symbol.asyncDispose]())

  it('lists what the node holds: data on standard output, in parts if he likes, and nothing secret in it', async () => {
    const { out, err, code } = await flotta('clients', 'ls')
    expect(code).toBe(0)
    expect(err).toBe('')
    expect(out).toMatch(/^ID +NAME +STATE[\s\S]*north +active/)
    expect(await items('artifacts', 'ls')).toMatchObject([{ status: 'COMPLETED', jobs: 2, liveJobs: 0 }])
    expect(await items('datasources', 'ls')).toMatchObject([{ name: 'north', records: 200, features: 4 }])
    const first = await flotta('jobs', 'ls', '--limit', '1', '--format', 'jsonl')
    expect(first.out.trim().split('\n')).toHaveLength(1)
    const [, cursor = ''] = /--cursor (\S+),/.exec(first.err) ?? []
    expect(await items('jobs', 'ls', '--cursor', cursor)).toHaveLength(1)
    expect(await items('jobs', 'ls', '--limit', '1', '--all')).toHaveLength(2)
    const nouns = ['nodes', 'clients', 'projects', 'resources']
    for (const answer of await Promise.all(nouns.map((noun) => flotta(noun, 'ls', '--format', 'json')))) {
      expect(answer.code).toBe(0)
      expect(answer.out).not.toMatch(/token|verifier|sealingKey|signingKey/i)
      expect(answer.out).not.toContain(network.token)
    }
  })

  it('gets an exit code for what is not there, what is no id, and a wrong option', async () => {
    const nobody = `cmp_${'a'.repeat(26)}`
    expect((await flotta('clients', 'show', nobody)).code).toBe(5)
    expect((await flotta('clients', 'show', 'north')).code).toBe(5)
    expect((await flotta('clients', 'ls', '--limit', 'many')).code).toBe(2)
    expect((await flotta('clients', 'fire', nobody)).code).toBe(2)
  })

  it('is known by his key alone: another key is refused with 4, a key that is not there with 3, a node that is away with 7', async () => {
    const url = ['--url', network.url]
    const key = join(network.folder, 'node', 'keys', 'operator.key')
    expect((await runCommand('flotta', ['projects', 'ls', ...url, '--key', key])).code).toBe(0)
    const stranger = join(network.folder, 'workbench', 'component.key')
    expect((await runCommand('flotta', ['projects', 'ls', ...url, '--key', stranger])).code).toBe(5)
    const client = join(network.folder, 'north', 'keys', 'component.key')
    expect((await runCommand('flotta', ['projects', 'ls', ...url, '--key', client])).code).toBe(5)
    expect((await runCommand('flotta', ['projects', 'ls', ...url, '--key', join(folder, 'none')])).code).toBe(3)
    expect((await runCommand('flotta', ['projects', 'ls', '--url', 'http://127.0.0.1:1', '--key', key])).code).toBe(7)
    const wrong = ['--fingerprint', 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa']
    expect((await runCommand('flotta', ['projects', 'ls', ...url, '--key', key, ...wrong])).code).toBe(4)
  })

  it('makes a project whose token is printed once and rotates it: the old one is refused at once', async () => {
    const created = await flotta('projects', 'create', 'study')
    const token = created.out.trim()
    expect(token).toMatch(/^flt_project_\w+$/)
    const { id } = (await items('projects', 'ls')).find(({ name }) => name === 'study') as { id: string }
    await workbench.project(token)
    const rotated = (await flotta('projects', 'rotate-token', id)).out.trim()
    await expect(workbench.project(token)).rejects.toMatchObject({ code: 'admission_refused' })
    expect((await workbench.project(rotated)).id).toBe(id)
  })

  it('disables a project: nobody opens it or submits to it, until it is enabled', async () => {
    const project = await workbench.project(network.token)
    expect((await flotta('projects', 'disable', project.id)).out).toMatch(/state +disabled/)
    await expect(workbench.project(network.token)).rejects.toMatchObject({ code: 'project_disabled' })
    await expect(project.count()).rejects.toMatchObject({ code: 'project_disabled' })
    await flotta('projects', 'enable', project.id)
    expect((await project.count()).count).toBe(200)
  })

  it('cancels an artifact that has ended: it stays as it ended', async () => {
    const [artifact] = await items('artifacts', 'ls', '--limit', '1')
    expect((await flotta('artifacts', 'cancel', artifact!.id!)).out).toMatch(/status +COMPLETED/)
  })

  it('blocks a client: it and its tables are gone from the project', async () => {
    const [client] = await items('clients', 'ls')
    expect((await flotta('clients', 'block', client!.id!)).out).toMatch(/state +blocked/)
    const project = await (await workbench.project(network.token)).refresh()
    expect(project.clients).toEqual([])
    await expect(project.count()).rejects.toMatchObject({ code: 'no_workers' })
  })

  it('reads metrics that name no client and no project, and readiness without detail', async () => {
    const metrics = await (await fetch(`${network.url}/metrics`)).text()
    expect(metrics).toContain('flotta_artifacts{state="COMPLETED"} 2')
    expect(metrics).not.toMatch(/north|apps|study|cmp_|prj_/)
    expect(await (await fetch(`${network.url}/readyz`)).json()).toMatchObject({ status: 'ready' })
  })
})

describe('a configuration', () => {
  const file = join(folder, 'node.yaml')

  it('is checked with every value, who set it, and secrets masked', async () => {
    const token = createToken('project')
    writeFileSync(file, `node:\n  port: 1500\n  token_projects_initial: [{ name: p, token: ${token} }]\n`)
    const args = ['config', 'check', '--resolved', '-c', file, '--format', 'jsonl', '--set', 'node.heartbeat=5']
    const { code, out } = await runCommand('flotta', args, { FLOTTA_NODE__NAME: 'here' })
    expect(code).toBe(0)
    expect(out).not.toContain(token)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string })
    const value = (key: string) => lines.find((line) => line.key === key)
    expect(value('node.port')).toMatchObject({ value: 1500, origin: 'file', source: 'node.yaml:2' })
    expect(value('node.name')).toMatchObject({ value: 'here', origin: 'environment', source: 'environment FLOTTA_NODE__NAME' })
    expect(value('node.heartbeat')).toMatchObject({ value: 5, origin: 'flag' })
    expect(value('node.token_projects_initial[0].token')).toMatchObject({ value: '***' })
    expect(value('database.password')).toMatchObject({ value: null, origin: 'default' })
  })

  it('with problems ends the check with 3, for a node and for a client', async () => {
    writeFileSync(file, 'node: { prot: 1 }\n')
    for (const command of ['flotta', 'flotta-client'] as const) {
      const { code, err } = await runCommand(command, ['config', 'check', '-c', file])
      expect(code).toBe(3)
      expect(err).toContain('node.prot: found an unknown key')
    }
  })
})

describe("the node's database", () => {
  it('tells what it lacks, is brought up to date, and is refused with 8 when a newer version made it', async () => {
    const file = join(folder, 'db.yaml')
    writeFileSync(file, `workdir: ${folder}\ndatabase: { host: node.db }\nnode: { port: 0, interface: 127.0.0.1 }\n`)
    const db = (command: string) => runCommand('flotta', ['db', command, '-c', file])
    expect((await db('status')).out).toMatch(/0001_init +pending/)
    expect((await runCommand('flotta', ['-c', file, '--no-migrate'])).code).toBe(8)
    expect((await db('migrate')).out).not.toMatch(/pending/)
    const database = await openSqlite(join(folder, 'node.db'))
    await database.query((session) => session.$executeRawUnsafe(`INSERT INTO _migration VALUES ('9999_later', 'c', 0)`))
    await database.close()
    for (const command of ['status', 'migrate']) {
      const { code, err } = await db(command)
      expect(code).toBe(8)
      expect(err).toMatch(/another version/)
    }
    expect((await runCommand('flotta', ['-c', file])).code).toBe(8)
  })
})
