import { readdir, readFile } from 'node:fs/promises'
import { storeConformance } from '@flotta/runtime/testing'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresqlLocation } from '../src/database-location.ts'
import { openStore } from '../src/index.ts'
import { openPostgresql } from '../src/postgresql/open-postgresql.ts'
import { freshSchema } from './support/database.ts'
import { startPostgres, type TestPostgres } from './support/postgres.ts'
import { exitCodeOf, runChild } from './support/run-child.ts'
import { differenceToModel } from './support/schema-engine.ts'
import { leaveFirstVersion, upgradeRules } from './support/upgrade-rules.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

let shared: PostgresqlLocation
storeConformance(
  'PostgreSQL',
  () => {
    shared = freshSchema(server)
    return openStore({ database: shared })
  },
  () => openStore({ database: shared }),
)

describe('a schema of the first version', () => {
  upgradeRules(
    (location) => openPostgresql(location as PostgresqlLocation),
    async () => ({ location: freshSchema(server), [Symbol.asyncDispose]: async () => undefined }),
  )

  it('is as it was when its process is killed within a migration, and is migrated by the next start (law 3)', async () => {
    const location = freshSchema(server)
    await leaveFirstVersion(await openPostgresql(location))
    const reader = new pg.Client(accessOf(server))
    await reader.connect()
    await reader.query(`BEGIN; LOCK TABLE ${location.schema}.job IN ACCESS SHARE MODE`)
    const child = runChild('open-and-close.ts', JSON.stringify({ ...location, password: location.password() }))
    const exited = exitCodeOf(child)
    const waiting = () => query(`SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation'`)
    await expect.poll(waiting).toHaveLength(1)
    child.kill('SIGKILL')
    await exited
    await reader.query('ROLLBACK')
    await reader.end()
    expect(await query(`SELECT name FROM ${location.schema}._migration`)).toEqual([{ name: '0001_init' }])
    const store = await openStore({ database: location })
    expect(await store.migrations()).toMatchObject({ pending: [], foreign: [] })
    await store[Symbol.asyncDispose]()
  })
})

describe('a store on PostgreSQL', () => {
  it('is migrated once when several processes start at the same time', async () => {
    const database = freshSchema(server)
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ database })))
    await Promise.all(stores.map((store) => store.ping()))
    const files = await readdir(new URL('../migrations/postgresql', import.meta.url))
    expect(await query(`SELECT name FROM ${database.schema}._migration`)).toHaveLength(files.length)
    for (const store of stores) await store[Symbol.asyncDispose]()
  })

  it('keeps its tables in its own schema, and what it remembers from one opening to the next', async () => {
    const [one, two] = [freshSchema(server), freshSchema(server)]
    const id = 'prj_aaaaaaaaaaaaaaaaaaaaaaaaaa' as never
    const first = await openStore({ database: one })
    const other = await openStore({ database: two })
    await first.projects.ensure({ id, name: 'study', tokenId: 't', tokenVerifier: 'v', state: 'active' })
    expect(await other.projects.find(id)).toBeUndefined()
    await first[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    const again = await openStore({ database: one, migrate: false })
    expect(await again.projects.find(id)).toMatchObject({ name: 'study' })
    await again[Symbol.asyncDispose]()
  })

  it('needs no right to make a schema when it is there', async () => {
    const database = freshSchema(server)
    const role = `role_${database.schema}`
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'limited'; CREATE SCHEMA ${database.schema} AUTHORIZATION ${role}`)
    const store = await openStore({ database: { ...database, username: role, password: () => 'limited' } })
    await expect(store.ping()).resolves.toBeUndefined()
    await store[Symbol.asyncDispose]()
  })

  it('says that it is unavailable, and no secret, when the server refuses or is not there', async () => {
    const database = freshSchema(server)
    for (const wrong of [{ password: () => 'not-the-secret' }, { port: 1 }, { database: 'absent' }]) {
      const opening = openStore({ database: { ...database, ...wrong } })
      await expect(opening).rejects.toMatchObject({ code: 'unavailable', message: 'The database could not be used.' })
      const error = await opening.catch((cause: unknown) => cause)
      expect(everythingOf(error)).not.toMatch(/not-the-secret|only-for-tests/)
    }
  })

  it('refuses a schema whose name could end the setting it goes into', async () => {
    for (const schema of ['a b', 'a,b', 'a"; DROP', '', '1a', 'a'.repeat(64)]) {
      const opening = openStore({ database: { ...freshSchema(server), schema } })
      await expect(opening).rejects.toMatchObject({ code: 'unavailable' })
    }
  })

  it('lives on when the server drops its connections', async () => {
    const database = freshSchema(server)
    const store = await openStore({ database })
    await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flotta'`)
    await store.ping().catch(() => undefined)
    await expect(store.ping()).resolves.toBeUndefined()
    await store[Symbol.asyncDispose]()
  })

  it('has migrations that equal the model', async () => {
    const folder = new URL('../migrations/postgresql/', import.meta.url)
    const migrations = await Promise.all(
      (await readdir(folder)).sort().map(async (name) => ({ name, sql: await readFile(new URL(name, folder), 'utf8') })),
    )
    await query('CREATE DATABASE scratch')
    const { host, port, username: user, password } = server
    const difference = await differenceToModel(
      'postgresql',
      migrations,
      new PrismaPg({ host, port, user, password, database: 'scratch' }),
    )
    expect(difference.trim()).toBe('-- This is an empty migration.')
  })
})

const accessOf = ({ host, port, username: user, password, database }: TestPostgres) => ({ host, port, user, password, database })

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client(accessOf(server))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** An error with its causes, and whatever else hangs on it. */
function everythingOf(error: unknown): string {
  return error instanceof Error
    ? `${error.stack} ${JSON.stringify(error)} ${everythingOf(error.cause)}`
    : JSON.stringify(error ?? '')
}
