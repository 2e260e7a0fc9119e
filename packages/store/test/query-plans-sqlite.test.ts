import { join } from 'node:path'
import type { Store } from '@flotta/runtime/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scene } from '../../runtime/src/testing/store-fixtures.ts'
import type { Prisma } from '../src/generated/sqlite/client.ts'
import { openStore } from '../src/index.ts'
import { PreparedStatements } from '../src/sqlite/prepared-statements.ts'
import { SingleConnection } from '../src/sqlite/single-connection.ts'
import { temporaryFolder } from './support/database.ts'
import { everydayWork, FINISHED, filledScene, growingTables } from './support/growing-tables.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let store: Store
let scene: Scene
const statements = new Set<string>()
const { rows, run } = PreparedStatements.prototype

beforeAll(async () => {
  folder = await temporaryFolder()
  Object.assign(PreparedStatements.prototype, { rows: noting(rows), run: noting(run) })
  store = await openStore({ database: { kind: 'sqlite', file: join(folder.path, 'node.db') } })
  scene = await filledScene(store)
})
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
    .filter((line) => growingTables.some((table) => new RegExp(`^SCAN ${table}( |$)(?!.*USING (COVERING )?INDEX)`).test(line)))
    // Several rows at once that others refer to: SQLite plans to look who misses them, and looks only while somebody does.
    .filter((line) => !/^SCAN event —\s+INSERT INTO job/.test(line))

describe(`SQLite, with ${FINISHED} jobs that are over`, () => {
  it.each(everydayWork)('%s reads no growing table from end to end', async (_, work) => {
    expect(scans(await plansOf(() => work(scene)))).toEqual([])
  })

  it('a statement that does so would be seen', async () => {
    const connection = await new SingleConnection({ url: `file:${join(folder.path, 'node.db')}`, timeout: 1000 }).connect()
    const sql = 'EXPLAIN QUERY PLAN SELECT id FROM job WHERE metrics = 1'
    const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] })
    expect(scans(rows.map((row) => `${String(row[3])} — x`))).toHaveLength(1)
    await connection.dispose()
  })
})
