import { join } from 'node:path'
import type { Store } from '@flotta/runtime/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claim, LEASE_MS, leaseOf, newScene, output, type Scene, submit } from '../../runtime/src/testing/store-fixtures.ts'
import type { Prisma } from '../src/generated/sqlite/client.ts'
import { openStore } from '../src/index.ts'
import { PreparedStatements } from '../src/sqlite/prepared-statements.ts'
import { SingleConnection } from '../src/sqlite/single-connection.ts'
import { temporaryFolder } from './support/database.ts'

/** Tables that grow with what a node has done; no statement may read one of them from end to end. */
const GROWING = ['artifact', 'job', 'event', 'barrier', 'audience', 'turn']
const FINISHED = 10_000

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let store: Store
let scene: Scene
const statements = new Set<string>()
const { rows, run } = PreparedStatements.prototype

beforeAll(async () => {
  folder = await temporaryFolder()
  Object.assign(PreparedStatements.prototype, { rows: noting(rows), run: noting(run) })
  store = await openStore({ database: { kind: 'sqlite', file: join(folder.path, 'node.db') } })
  scene = await newScene(store, 2)
  const site = scene.sites[0]!
  await submit(scene, { steps: [Array.from({ length: FINISHED }, () => site)] })
  const planned = await store.artifacts.find((await submit(scene)).id)
  await finishAll(planned!.id)
}, 120_000)
afterAll(async () => {
  Object.assign(PreparedStatements.prototype, { rows, run })
  await store?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

/** Has a method note each statement that it is asked to run. */
function noting<Method extends (sql: Prisma.Sql) => unknown>(method: Method): Method {
  return function (this: PreparedStatements, sql: Prisma.Sql) {
    statements.add(sql.sql)
    return method.call(this, sql)
  } as Method
}

/** Ends everything that is open by cancelling, so that the tables are full of what is over. */
async function finishAll(last: Parameters<Store['artifacts']['cancel']>[0]): Promise<void> {
  const first = await store.jobs.claim(scene.sites[0]!, LEASE_MS)
  if (first) await store.artifacts.cancel(first.job.artifactId)
  await store.artifacts.cancel(last)
}

async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  statements.clear()
  await work()
  const noted = [...statements].filter((sql) => /^\s*(SELECT|UPDATE|INSERT|DELETE|WITH)/i.test(sql))
  expect(noted.length).toBeGreaterThan(0)
  const connection = await new SingleConnection({ url: `file:${join(folder.path, 'node.db')}`, timeout: 1000 }).connect()
  try {
    const plans: string[] = []
    for (const sql of noted) {
      const parameters = (sql.match(/\?/g) ?? []).length
      const args = Array.from({ length: parameters }, () => 1)
      const { rows } = await connection.queryRaw({ sql: `EXPLAIN QUERY PLAN ${sql}`, args, argTypes: [] })
      plans.push(...rows.map((row) => `${String(row[3])} — ${sql.replaceAll(/\s+/g, ' ').slice(0, 120)}`))
    }
    return plans
  } finally {
    await connection.dispose()
  }
}

const scans = (plans: readonly string[]) =>
  plans
    .filter((line) => GROWING.some((table) => new RegExp(`^SCAN ${table}( |$)(?!.*USING (COVERING )?INDEX)`).test(line)))
    // Several rows at once that others refer to: SQLite plans to look who misses them, and looks only while somebody does.
    .filter((line) => !/^SCAN event —\s+INSERT INTO job/.test(line))

describe(`with ${FINISHED} jobs that are over`, () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a claim in vain', () => store.jobs.claim(scene.sites[1]!, LEASE_MS)],
    [
      'a claim, its renewal and its completion',
      async () => {
        await submit(scene)
        const lease = leaseOf(await claim(store, scene.sites[0]!))
        await store.jobs.renew(lease, LEASE_MS)
        await store.jobs.complete(lease, output())
      },
    ],
    [
      'a failure',
      async () => {
        const lease = leaseOf(await claim(store, scene.sites[1]!))
        await store.jobs.fail(lease, { code: 'worker_crashed', message: '' }, 0)
      },
    ],
    ['the look for lapsed leases', () => store.jobs.expireLeases()],
    ['the look for deadlines', () => store.artifacts.passDeadlines()],
    ['the look for leftovers', () => store.artifacts.leftovers(5)],
    [
      'cancelling, and its events',
      async () => {
        const { id } = await submit(scene)
        await store.artifacts.cancel(id)
        await store.artifacts.events(id, 0)
      },
    ],
  ])('%s reads no growing table from end to end', async (_, work) => {
    expect(scans(await plansOf(work))).toEqual([])
  })

  it('a statement that does so would be seen', async () => {
    const connection = await new SingleConnection({ url: `file:${join(folder.path, 'node.db')}`, timeout: 1000 }).connect()
    const sql = 'EXPLAIN QUERY PLAN SELECT id FROM job WHERE metrics = 1'
    const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] })
    expect(scans(rows.map((row) => `${String(row[3])} — x`))).toHaveLength(1)
    await connection.dispose()
  })
})
