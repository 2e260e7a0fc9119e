import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ArtifactId, ComponentId } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { claim, newId, newProject, newScene, passTime, plan, submit } from '../../runtime/src/testing/store-fixtures.ts'
import { Prisma } from '../src/generated/sqlite/client.ts'
import { openStore } from '../src/index.ts'
import { openSqlite } from '../src/sqlite/open-sqlite.ts'
import { SingleConnection } from '../src/sqlite/single-connection.ts'
import { temporaryFolder } from './support/database.ts'
import { exitCodeOf, runChild } from './support/run-child.ts'

const open = (file: string) => openStore({ database: { kind: 'sqlite', file } })

describe('a store in a file', () => {
  it('remembers from one opening to the next', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const first = await open(file)
    const project = await newProject(first)
    await first[Symbol.asyncDispose]()
    const second = await open(file)
    expect(await second.projects.find(project.id)).toEqual(project)
    await second[Symbol.asyncDispose]()
  })

  it('loses no accepted artifact when its process is killed', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    for (let kill = 0; kill < 3; kill++) {
      const accepted = await acceptedUntilKilled(file, 20 + 15 * kill)
      const store = await open(file)
      for (const id of accepted) {
        const artifact = await store.artifacts.find(id)
        expect(artifact?.jobs.map(({ status }) => status)).toEqual(['READY', 'READY', 'READY', 'WAITING'])
        expect(await store.artifacts.events(id, 0)).toHaveLength(4)
      }
      await store[Symbol.asyncDispose]()
    }
  })

  it('loses no write when transactions beside it fail', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const store = await open(file)
    const scene = await newScene(store)
    const planned = Array.from({ length: 60 }, () => plan(scene))
    const outcomes = await Promise.allSettled(
      planned.map((each, i) => store.artifacts.create(i % 3 === 0 ? { ...each, jobs: [...each.jobs, ...each.jobs] } : each)),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(planned.map((_, i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')))
    for (const [i, { id }] of planned.entries()) expect((await store.artifacts.find(id)) === undefined).toBe(i % 3 === 0)
    await store[Symbol.asyncDispose]()
  })

  it('keeps its settings on every connection: durable writes, checked references, one open file', async () => {
    await using folder = await temporaryFolder()
    const database = await openSqlite(join(folder.path, 'node.db'))
    const openFiles = () => readdirSync('/proc/self/fd').length
    await database.transaction(async () => undefined)
    const before = process.platform === 'linux' ? openFiles() : 0
    for (let i = 0; i < 50; i++) await database.transaction((session) => session.$queryRawUnsafe('SELECT 1 AS one'))
    if (process.platform === 'linux') expect(openFiles()).toBeLessThan(before + 25)
    const setting = async (name: string) =>
      Object.values((await database.query((session) => session.$queryRawUnsafe<[object]>(`PRAGMA ${name}`)))[0]).map(String)
    expect(await setting('journal_mode')).toEqual(['wal'])
    expect(await setting('synchronous')).toEqual(['2'])
    expect(await setting('foreign_keys')).toEqual(['1'])
    expect(await setting('busy_timeout')).toEqual(['1000'])
    await database.close()
  })

  it('waits for another process that writes, with one statement or a transaction, and keeps its settings then', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const database = await openSqlite(file)
    const run = (sql: string) => database.query((session) => session.$executeRawUnsafe(sql))
    await run('CREATE TABLE word (content TEXT)')
    const other = await new SingleConnection({ url: `file:${file}`, timeout: 0 }).connect()
    const whileOtherWrites = async (work: () => Promise<unknown>) => {
      const writing = await other.startTransaction()
      // Fires only once the store has tried in vain: the driver waits without giving way.
      setTimeout(() => void writing.commit(), 1)
      await work()
    }
    await whileOtherWrites(() => run(`INSERT INTO word VALUES ('alone')`))
    await whileOtherWrites(() =>
      database.transaction((session) => session.$executeRawUnsafe(`INSERT INTO word VALUES ('within')`)),
    )
    await database.transaction((session) => session.$executeRawUnsafe(`INSERT INTO word VALUES ('after')`))
    const words = await database.query((session) => session.$queryRawUnsafe('SELECT content FROM word'))
    expect(words).toEqual([{ content: 'alone' }, { content: 'within' }, { content: 'after' }])
    const [{ synchronous }] = await database.query((session) =>
      session.$queryRawUnsafe<[{ synchronous: number }]>('PRAGMA synchronous'),
    )
    expect(Number(synchronous)).toBe(2)
    await other.dispose()
    await database.close()
  })

  it('looks after leases and deadlines of every artifact but the damaged one, and says which that is', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const store = await open(file)
    const scene = await newScene(store, 1)
    const [site] = scene.sites as [ComponentId]
    const damaged = await submit(scene, { maxAttempts: 1, timeoutMs: 1 })
    await claim(store, site, 1)
    const leased = await submit(scene)
    await claim(store, site, 1)
    const timed = await submit(scene, { timeoutMs: 1 })
    const other = await openSqlite(file)
    await other.write((statements) =>
      statements.run(
        Prisma.sql`DELETE FROM barrier WHERE artifact_number = (SELECT number FROM artifact WHERE id = ${damaged.id})`,
      ),
    )
    await other.close()
    await passTime(store, 2)
    const problem = { artifactId: damaged.id, error: expect.objectContaining({ message: 'the artifact has no barrier 0' }) }
    expect(await store.jobs.expireLeases()).toEqual({ readyFor: [site], artifactIds: [leased.id], problems: [problem] })
    expect(await store.artifacts.passDeadlines()).toEqual({ readyFor: [], artifactIds: [timed.id], problems: [] })
    await store[Symbol.asyncDispose]()
  })

  it('lets nobody else read the file, nor what lies beside it', async () => {
    await using folder = await temporaryFolder()
    const store = await open(join(folder.path, 'node.db'))
    await newProject(store)
    const files = readdirSync(folder.path)
    expect(files.sort()).toEqual(['node.db', 'node.db-shm', 'node.db-wal'])
    for (const file of files) expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600)
    await store[Symbol.asyncDispose]()
  })

  it('says so when the disk is full, changes nothing then, and goes on when there is space', async () => {
    await using folder = await temporaryFolder()
    const database = await openSqlite(join(folder.path, 'node.db'))
    await database.query((session) => session.$executeRawUnsafe('CREATE TABLE page (content TEXT)'))
    await database.query((session) => session.$queryRawUnsafe('PRAGMA max_page_count = 20'))
    const fill = (length: number) =>
      database.transaction((session) => session.$executeRawUnsafe(`INSERT INTO page VALUES ('${'x'.repeat(length)}')`))
    await fill(10)
    await expect(fill(200_000)).rejects.toMatchObject({ code: 'storage_full' })
    await database.query((session) => session.$queryRawUnsafe('PRAGMA max_page_count = 1000'))
    await fill(200_000)
    const [count] = await database.query((session) => session.$queryRawUnsafe<[{ n: number }]>('SELECT count(*) AS n FROM page'))
    expect(Number(count.n)).toBe(2)
    await database.close()
  })

  it('is unavailable when the file can not be opened or is no database', async () => {
    await using folder = await temporaryFolder()
    await expect(open(join(folder.path, 'absent', 'node.db'))).rejects.toMatchObject({ code: 'unavailable' })
    await expect(open(folder.path)).rejects.toMatchObject({ code: 'unavailable' })
    const file = new URL(import.meta.url).pathname
    await expect(open(file)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is unavailable once it is closed; closing again is the same as once', async () => {
    await using folder = await temporaryFolder()
    const store = await open(join(folder.path, 'node.db'))
    await store[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
    await expect(newProject(store)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('writes rows in proportion to the jobs, whatever waits for what: 5,200 jobs, 5,408 rows (E7)', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'node.db')
    const store = await open(file)
    const scene = await newScene(store, 50)
    const before = await rowsOf(file)
    const rounds = Array.from({ length: 104 }, () => scene.sites)
    await submit(scene, { steps: rounds })
    await store[Symbol.asyncDispose]()
    const rows = await rowsOf(file)
    const written = Object.fromEntries(Object.entries(rows).map(([table, count]) => [table, count - (before[table] ?? 0)]))
    expect(written).toMatchObject({ artifact: 1, job: 5200, barrier: 103, audience: 2, operation: 1, turn: 50, event: 51 })
    expect(Object.values(written).reduce((sum, count) => sum + count, 0)).toBe(5408)
  })
})

describe('a store in memory', () => {
  const folders = () => readdirSync(parent).filter((name) => name.startsWith(`flotta-store-${process.pid}-`))
  const parent = readdirSync('/').includes('dev') && readdirSync('/dev').includes('shm') ? '/dev/shm' : tmpdir()

  it('is one of its own, in a folder that nobody else can open and that is gone with it', async () => {
    const before = folders()
    const [one, two] = [await openStore({ database: { kind: 'memory' } }), await openStore({ database: { kind: 'memory' } })]
    const project = await newProject(one)
    expect(await two.projects.find(project.id)).toBeUndefined()
    const made = folders().filter((name) => !before.includes(name))
    expect(made).toHaveLength(2)
    for (const name of made) expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700)
    await one[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
    expect(folders()).toEqual(before)
  })

  it('removes what processes left that were killed, and nothing of those that live', async () => {
    const living = await openStore({ database: { kind: 'memory' } })
    const child = runChild('leave-memory.ts')
    const pid = String(await new Promise((resolve) => child.stdout?.once('data', resolve))).trim()
    const left = () => readdirSync(parent).filter((name) => name.startsWith(`flotta-store-${pid}-`))
    // Once it is dead, a process of any other test may be the one that removes it.
    expect(left()).toHaveLength(1)
    child.kill('SIGKILL')
    await exitCodeOf(child)
    const next = await openStore({ database: { kind: 'memory' } })
    expect(left()).toEqual([])
    await expect(living.ping()).resolves.toBeUndefined()
    expect(await living.projects.find(newId('prj'))).toBeUndefined()
    await living[Symbol.asyncDispose]()
    await next[Symbol.asyncDispose]()
  })
})

/** Ids that the child was told are accepted, before it was killed. */
async function acceptedUntilKilled(file: string, count: number): Promise<ArtifactId[]> {
  const child = runChild('submit-for-ever.ts', file)
  const exited = exitCodeOf(child)
  const accepted: ArtifactId[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    accepted.push(line as ArtifactId)
    if (accepted.length === count) child.kill('SIGKILL')
  }
  await exited
  expect(accepted.length).toBeGreaterThanOrEqual(count)
  return accepted
}

async function rowsOf(file: string): Promise<Record<string, number>> {
  const connection = await new SingleConnection({ url: `file:${file}` }).connect()
  const query = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  const made = await query(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_migration'`,
  )
  const tables = made.map(([table]) => String(table))
  const counts: [string, number][] = []
  for (const table of tables) counts.push([table, Number((await query(`SELECT count(*) FROM "${table}"`))[0]?.[0])])
  await connection.dispose()
  return Object.fromEntries(counts)
}
