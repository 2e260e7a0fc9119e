import type { Store } from '@flotta/runtime/ports'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claim, type Scene, submit } from '../../runtime/src/testing/store-fixtures.ts'
import { openStore } from '../src/index.ts'
import { freshSchema } from './support/database.ts'
import { everydayWork, FINISHED, filledScene, growingTables } from './support/growing-tables.ts'
import { startPostgres, type TestPostgres } from './support/postgres.ts'

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** A node of a plan as `EXPLAIN (FORMAT JSON)` tells it. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

let server: TestPostgres
let store: Store
let scene: Scene
let explaining: pg.Client
const statements = new Map<string, Statement>()
const { query } = pg.Client.prototype

beforeAll(async () => {
  server = await startPostgres()
  const database = freshSchema(server)
  const { host, port, username: user, password, database: name, schema } = database
  explaining = new pg.Client({ host, port, user, password, database: name, options: `-c search_path=${schema}` })
  await explaining.connect()
  pg.Client.prototype.query = noting(query)
  store = await openStore({ database })
  scene = await filledScene(store)
  await explaining.query('ANALYZE')
  // A plan that reads a table from end to end is then one that has no other way. Most events here are of one artifact, which makes it
  // worth while to join them with all jobs.
  for (const way of ['seqscan', 'hashjoin', 'mergejoin']) await explaining.query(`SET enable_${way} = off`)
})
afterAll(async () => {
  pg.Client.prototype.query = query
  await store?.[Symbol.asyncDispose]()
  await explaining?.end()
  await server?.[Symbol.asyncDispose]()
})

/** Has the method of all connections note each statement that it is asked to run, with its values. */
function noting<Method extends (...args: never[]) => unknown>(method: Method): Method {
  return function (this: pg.Client, ...args: Parameters<Method>) {
    const [asked, values] = args as unknown as [string | { text?: string; values?: unknown[] }, unknown]
    const text = typeof asked === 'string' ? asked : asked.text
    if (text && this !== explaining) {
      const given = typeof asked === 'string' ? values : (asked.values ?? values)
      statements.set(text, { text, values: Array.isArray(given) ? given : [] })
    }
    return Reflect.apply(method, this, args)
  } as Method
}

async function scansOf(work: () => Promise<unknown>): Promise<string[]> {
  statements.clear()
  await work()
  const noted = [...statements.values()].filter(({ text }) => /^\s*(SELECT|UPDATE|INSERT|DELETE|WITH)/i.test(text))
  expect(noted.length).toBeGreaterThan(0)
  const found: string[] = []
  for (const statement of noted) found.push(...(await scansIn(statement)))
  return found
}

/** The growing tables that a statement reads from end to end: row by row, or by an index that it enters without a condition. */
async function scansIn({ text, values }: Statement): Promise<string[]> {
  const { rows } = await explaining.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, [...values])
  const nodes = [rows[0]!['QUERY PLAN'][0].Plan]
  const scans: string[] = []
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    nodes.push(...(node.Plans ?? []))
    const { 'Node Type': type, 'Relation Name': table, 'Index Cond': condition } = node
    const isScan = type === 'Seq Scan' || (/^Index (Only )?Scan/.test(type) && condition === undefined)
    if (isScan && growingTables.includes(table ?? ''))
      scans.push(`${type} of ${table} — ${text.replaceAll(/\s+/g, ' ').slice(0, 120)}`)
  }
  return scans
}

describe(`PostgreSQL, with ${FINISHED} jobs that are over`, () => {
  it.each(everydayWork)('%s reads no growing table from end to end', async (_, work) => {
    expect(await scansOf(() => work(scene))).toEqual([])
  })

  it('nor does a claim that passes over an artifact which another process holds', async () => {
    const { id } = await submit(scene)
    await submit(scene)
    await explaining.query('BEGIN')
    await explaining.query('SELECT 1 FROM artifact WHERE id = $1 FOR NO KEY UPDATE', [id])
    const claimed = async () => expect((await claim(store, scene.sites[0]!)).artifactId).not.toBe(id)
    expect(await scansOf(claimed).finally(() => explaining.query('ROLLBACK'))).toEqual([])
    expect([...statements.keys()].some((text) => /artifact_number NOT IN/.test(text))).toBe(true)
  })

  it('a statement that does so would be seen', async () => {
    expect(await scansIn({ text: 'SELECT id FROM job WHERE metrics = $1', values: ['1'] })).toHaveLength(1)
    expect(await scansIn({ text: 'SELECT number FROM artifact ORDER BY number LIMIT 1', values: [] })).toHaveLength(1)
  })
})
