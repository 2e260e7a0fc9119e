import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@flotta/client-sdk'
import { connectNode } from '@flotta/client-sdk/transport'
import { type FlottaError, problemSchema, type Route, routes } from '@flotta/contract'
import { createToken, readIdentity } from '@flotta/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresql } from '../../packages/store/src/postgresql/open-postgresql.ts'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { forwardProxy } from '../support/between.ts'
import { Releasers } from '../support/releasers.ts'

const CELL = 'CANARY-cell-7731'
const WARD = 'CANARY-ward-7731'
const NUMBER = '7731.404237'
const PROXY_PASSWORD = 'CANARY-proxy-7731'
const TABLE_PASSWORD = 'CANARY-table-7731'
const HEADER = 'CANARY-header-7731'
const wrongToken = createToken('project')

/** A table of a text of each person, a number that stands out, and a category that is frequent enough to be told. */
function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `${row === 0 ? NUMBER : 40 + (row % 9)},${WARD},${CELL}-${row}`)
  return `${['weight,ward,note', ...lines].join('\n')}\n`
}
const broken = `${table(30)}${CELL}\n`

/** Everything that was said, by who said it and to whom. */
const said = new Map<string, string>()
/** What must not be said, by what it is. */
const secrets = new Map<string, string>([
  ['a cell', CELL],
  ['a category', WARD],
  ['a number', NUMBER],
  ['the password of the proxy', PROXY_PASSWORD],
  ['the password of a table', TABLE_PASSWORD],
  ['a header', HEADER],
  ['a wrong token', wrongToken],
])

const acquired = new Releasers()
let network: AppNetwork
let postgres: TestPostgres
const processes: Record<string, AppProcess> = {}

beforeAll(async () => {
  postgres = acquired.use(await startPostgres())
  const { host, port, username, password, database: name } = postgres
  const logging = { level: 'debug', format: 'json' }
  const database = { dialect: 'postgresql', host, port, username, password, name }
  network = acquired.use(await AppNetwork.create({ database, logging, metrics: { enabled: true } }))
  secrets.set('the password of the database', password).set("the project's token", network.token)
  processes.node = await network.startNode()
  const proxy = acquired.use(await forwardProxy({ credentials: `hospital:${PROXY_PASSWORD}` }))
  const server = { dialect: 'postgresql', host, port, username: 'nobody', password: TABLE_PASSWORD }
  const datasources = [
    network.datasource('good', table(40)),
    network.datasource('turning', table(30)),
    { ...network.datasource('broken', broken), token: [wrongToken] },
    { ...network.datasource('declared', table(30)), schema: { note: { type: 'integer' } }, token: [wrongToken] },
    { ...network.datasource('categories', table(30)), schema: { ward: { categories: ['north'] } }, token: [wrongToken] },
    { ...network.datasource('encoded', ''), token: [wrongToken] },
    { name: 'remote', kind: 'db', table: 'patients', connection: server, token: [wrongToken] },
  ]
  writeFileSync(join(network.folder, 'encoded.csv'), Buffer.from(`${table(20)}1,\xff,${CELL}\n`, 'latin1'))
  const env = { HTTP_PROXY: `http://hospital:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}` }
  processes.north = network.startClient('north', '', { datasources, logging }, env)
  const tokens = { datasources: [{ ...network.datasource('south', table(40)), token: [wrongToken] }] }
  processes.south = network.startClient('south', '', { ...tokens, logging: { level: 'debug' } })
  processes.standalone = await network.startNodeOf('standalone', await freePort(), {
    mode: 'standalone',
    logging,
    node: { token_projects_initial: [{ name: 'alone', token: network.token }] },
    datasources: [network.datasource('mine', table(40)), network.datasource('bad', broken)],
  })
  await processes.north.said(/joined the node/)
})
afterAll(() => acquired[Symbol.asyncDispose]())

/** What a call was refused with, as its caller reads it. */
async function refusal(name: string, call: Promise<unknown>): Promise<FlottaError> {
  const error = await call.then(
    () => undefined,
    (reason: FlottaError) => reason,
  )
  if (error === undefined) throw new Error(`${name} was answered`)
  said.set(name, `${error.stack} ${JSON.stringify(error.toProblem())}`)
  return error
}

async function fetched(name: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(network.url + path, init)
  said.set(name, `${[...response.headers].join()} ${await response.clone().text()}`)
  return response
}

describe('whole jobs and failures at log level debug', () => {
  it('happen: a mean, a job that fails at the site, a wrong token, strangers, a database that goes away', async () => {
    const workbench = acquired.use(await connect(network.url, { folder: join(network.folder, 'workbench') }))
    const project = await workbench.project(network.token)
    await expect.poll(async () => (await project.refresh()).records).toBe(70)
    said.set('the project', JSON.stringify([project.features, project.datasources]))
    expect((await project.count()).count).toBe(70)
    await project.mean(['weight'])

    writeFileSync(join(network.folder, 'turning.csv'), broken)
    const error = await refusal('a failed job', project.count())
    expect(error.code).toBe('malformed_datasource')
    const run = project.runs.at(-1)!
    const events: unknown[] = []
    for await (const event of run) events.push(event)
    said.set('the events and state of a failed job', JSON.stringify([events, await run.status()]))
    await refusal('a feature that is not there', project.mean([CELL.toLowerCase()]))
    expect((await refusal('a wrong token', workbench.project(wrongToken))).code).toBe('admission_refused')

    const headers = { authorization: `Bearer ${HEADER}`, signature: HEADER, 'signature-input': HEADER }
    const target = `/workbench/projects/${HEADER}?token=${HEADER}`
    expect((await fetched('a stranger', target, { headers })).status).toBe(401)
    expect((await fetched('a stranger who posts', '/node/join', { method: 'POST', headers, body: `{"${HEADER}"` })).status).toBe(
      401,
    )
    expect((await fetched('a path that is not there', `/${HEADER}?${HEADER}`, { headers })).status).toBe(404)

    const restart = await postgres.interrupt()
    const ready = await fetched('a node without its database', '/readyz')
    expect(problemSchema.parse(await ready.json()).code).toBe('unavailable')
    await refusal('a database that is away', project.refresh())
    await restart()
    await expect.poll(async () => (await fetched('readiness', '/readyz')).status).toBe(200)
  })

  it('leave everything that an operator sees', async () => {
    await fetched('the metrics', '/metrics')
    expect(said.get('the metrics')).toContain('flotta_jobs')
    const identity = readIdentity(join(network.folder, 'node', 'keys', 'operator.key'))
    const { connection, close } = await connectNode({ url: network.url, identity })
    for (const list of ['components', 'projects', 'datasources', 'artifacts', 'jobs', 'resources'] as const) {
      const { items } = await connection.call(routes.admin[list] as typeof routes.admin.jobs, { query: {} })
      const one = list.slice(0, -1) as 'job'
      const shown = await Promise.all(
        items.map(({ id }) => connection.call(routes.admin[one] as Route, { params: { [`${one}Id`]: id } } as never)),
      )
      expect(shown.length, list).toBeGreaterThan(0)
      said.set(`the operator's ${list}`, JSON.stringify([items, shown]))
    }
    await close()
    expect(said.get("the operator's jobs")).toContain('malformed_datasource')
  })

  it('leave rows in the database', async () => {
    const { host, port, username, password, database } = postgres
    const opened = await openPostgresql({
      kind: 'postgresql',
      host,
      port,
      username,
      password: () => password,
      database,
      schema: 'flotta',
    })
    const query = <T>(sql: string) => opened.query((session) => session.$queryRawUnsafe<T[]>(sql))
    const tables = await query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'flotta'`,
    )
    for (const { name } of tables) {
      const rows = await query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)
      said.set(`the rows of ${name}`, rows.map(({ row }) => row).join('\n'))
    }
    await opened.close()
    expect(said.get('the rows of event')).toContain('malformed_datasource')
  })
})

describe('nowhere in it (law 8) is', () => {
  beforeAll(() => {
    for (const [name, { lines }] of Object.entries(processes)) said.set(`the log of ${name}`, lines.join('\n'))
    for (const folder of ['node', 'north', 'south', 'standalone']) {
      const keys = join(network.folder, folder, 'keys')
      for (const file of readdirSync(keys)) {
        const key = JSON.parse(readFileSync(join(keys, file), 'utf8')) as Record<string, string>
        for (const part of ['signingKey', 'sealingKey']) secrets.set(`${part} of ${folder}/${file}`, key[part]!)
      }
    }
    const resources = join(network.folder, 'node', 'resources')
    for (const file of readdirSync(resources, { recursive: true }) as string[]) {
      const path = join(resources, file)
      if (statSync(path).isFile()) said.set(`the resource ${file}`, readFileSync(path, 'latin1'))
    }
  })

  it('anything that was not logged in earnest: every process speaks at level debug, of failures too', () => {
    expect(said.get('the log of node')).toMatch(/"level":"debug"[\s\S]*"level":"(warn|error)"/)
    expect(said.get('the log of north')).toMatch(/broken\.csv:32: /)
    for (const name of ['broken', 'declared', 'categories', 'encoded', 'remote'])
      expect(said.get('the log of north')).toContain(String.raw`\"${name}\" can not be used`)
    expect(said.get('the log of standalone')).toContain(String.raw`\"bad\" can not be used`)
    expect(said.get('the log of south')).toMatch(/the node does not admit|admission/i)
    expect(said.get('the rows of small_product')).toMatch(/\\x[0-9a-f]{100}/)
  })

  it('a token, key, password, cell or category, in any spelling', () => {
    const found: string[] = []
    for (const [what, secret] of secrets) {
      const bytes = Buffer.from(secret)
      const spellings = [secret, encodeURIComponent(secret), bytes.toString('base64').slice(0, -2), bytes.toString('hex')]
      if (/Key of /.test(what)) {
        const raw = Buffer.from(secret, 'base64url')
        spellings.push(raw.toString('base64').slice(0, -1), raw.toString('hex'))
      }
      for (const [where, text] of said)
        if (spellings.some((spelling) => text.includes(spelling))) found.push(`${what} in ${where}`)
    }
    expect(secrets.size).toBeGreaterThan(15)
    expect(found).toEqual([])
  })
})
