import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../src/index.ts'
import { knownMigrations } from '../src/migrations.ts'
import { openSqlite } from '../src/sqlite/open-sqlite.ts'
import { SingleConnection } from '../src/sqlite/single-connection.ts'
import { temporaryFolder } from './support/database.ts'
import { exitCodeOf, runChild } from './support/run-child.ts'
import { differenceToModel } from './support/schema-engine.ts'
import { upgradeRules } from './support/upgrade-rules.ts'

const open = (file: string, migrate = true) => openStore({ database: { kind: 'sqlite', file }, migrate })

async function execute(file: string, sql: string): Promise<void> {
  const database = await openSqlite(file)
  await database.query((session) => session.$executeRawUnsafe(sql))
  await database.close()
}

describe('a file of the first version', () => {
  upgradeRules(
    (location) => openSqlite(location.kind === 'sqlite' ? location.file : ''),
    async () => {
      const folder = await temporaryFolder()
      const location = { kind: 'sqlite', file: join(folder.path, 'node.db') } as const
      return { location, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
    },
  )
})

describe('migrations', () => {
  it('equal the model', async () => {
    await using folder = await temporaryFolder()
    const directory = new URL('../migrations/sqlite/', import.meta.url)
    const migrations = readdirSync(directory)
      .sort()
      .map((name) => ({ name, sql: readFileSync(new URL(name, directory), 'utf8') }))
    const adapter = new SingleConnection({ url: `file:${join(folder.path, 'scratch.db')}` })
    expect((await differenceToModel('sqlite', migrations, adapter)).trim()).toBe('-- This is an empty migration.')
  })

  it('have the same names in both databases', () => {
    const [sqlite, postgresql] = ['sqlite', 'postgresql'].map((dialect) =>
      readdirSync(new URL(`../migrations/${dialect}/`, import.meta.url)).sort(),
    )
    expect(sqlite).toEqual(postgresql)
  })

  it('are applied once when two processes start at the same time', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const children = [1, 2].map(() => runChild('open-and-close.ts', JSON.stringify({ kind: 'sqlite', file })))
    expect(await Promise.all(children.map(exitCodeOf))).toEqual([0, 0])
    const store = await open(file, false)
    await store[Symbol.asyncDispose]()
  })

  it('are not applied where the database is to be left as it is; then it must be up to date', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    await expect(open(file, false)).rejects.toMatchObject({ code: 'version_mismatch' })
    await (await open(file))[Symbol.asyncDispose]()
    await (await open(file, false))[Symbol.asyncDispose]()
  })

  it('leave each job its operation when operations came to be shared', async () => {
    await using folder = await temporaryFolder()
    const database = await openSqlite(join(folder.path, 'node.db'))
    const known = await knownMigrations(database.dialect)
    const shares = known.findIndex(({ name }) => name.endsWith('_shared_operations'))
    const run = (statements: readonly string[]) =>
      database.transaction(async (session) => {
        for (const statement of statements) await session.$executeRawUnsafe(statement)
      })
    for (const { statements } of known.slice(0, shares)) await run(statements)
    await run([
      `INSERT INTO component (id, kind, name, key) VALUES ('c', 'client', 'site', '{}')`,
      `INSERT INTO project (id, name, token_id, token_verifier) VALUES ('p', 'study', 't', 'v')`,
      `INSERT INTO artifact (number, id, project_id, submitter_id, request_id, request_digest, label, plan, status, max_attempts,
        created_at_ms, event_count, live_jobs) VALUES (7, 'a', 'p', 'c', 'r', 'd', '', '{}', 'RUNNING', 3, 0, 0, 2)`,
      ...[0, 1].map(
        (ordinal) => `INSERT INTO job (id, artifact_number, ordinal, step_index, component_id, operation_kind, operation,
        audience_index, released, status, attempts, epoch, output_id) VALUES ('j${ordinal}', 7, ${ordinal}, 0, 'c', 'Pass',
        'operation ${ordinal}', 0, false, 'READY', 0, 0, 'o${ordinal}')`,
      ),
    ])
    await run(known[shares]?.statements ?? [])
    const rows = await database.query((session) =>
      session.$queryRawUnsafe(`SELECT j.id, o.operation FROM job j JOIN operation o
        ON o.artifact_number = j.artifact_number AND o."index" = j.operation_index ORDER BY j.id`),
    )
    await database.close()
    expect(rows).toEqual([
      { id: 'j0', operation: 'operation 0' },
      { id: 'j1', operation: 'operation 1' },
    ])
  })

  it('refuse a database of a newer version and leave it untouched', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    await (await open(file))[Symbol.asyncDispose]()
    await execute(file, `INSERT INTO _migration VALUES ('9999_later', 'c', 0)`)
    for (const migrate of [true, false]) {
      const message = expect.stringMatching(/another version.*9999_later.*newer version/)
      await expect(open(file, migrate)).rejects.toMatchObject({ code: 'version_mismatch', message })
    }
  })

  it('refuse a database that was made with other content of the same name', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    await (await open(file))[Symbol.asyncDispose]()
    await execute(file, `UPDATE _migration SET checksum = 'another'`)
    const message = expect.stringMatching(/0001_init.*not the one/)
    await expect(open(file)).rejects.toMatchObject({ code: 'version_mismatch', message })
  })

  it('apply wholly or not at all', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    await execute(file, 'CREATE TABLE event (in_the_way TEXT)')
    await expect(open(file)).rejects.toMatchObject({ code: 'unavailable' })
    await execute(file, 'DROP TABLE event')
    const store = await open(file)
    await expect(store.ping()).resolves.toBeUndefined()
    await store[Symbol.asyncDispose]()
  })
})
