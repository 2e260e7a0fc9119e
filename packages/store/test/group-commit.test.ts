import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Prisma } from '../src/generated/sqlite/client.ts'
import { GroupCommit } from '../src/sqlite/group-commit.ts'
import { oneAtATime } from '../src/sqlite/one-at-a-time.ts'
import { PreparedStatements } from '../src/sqlite/prepared-statements.ts'
import { WalFlush } from '../src/sqlite/wal-flush.ts'
import type { Statements } from '../src/statements.ts'
import { temporaryFolder } from './support/database.ts'

/** The flush of a real log that ends when it is told to, or fails. */
class HeldFlush extends WalFlush {
  readonly held: { readonly release: () => void; readonly fail: (error: Error) => void }[] = []

  override async flush(): Promise<void> {
    await super.flush()
    await new Promise<void>((release, fail) => this.held.push({ release, fail }))
  }
}

const add = (value: number) => async (statements: Statements) => {
  await statements.run(Prisma.sql`INSERT INTO t (value) VALUES (${value})`)
  return value
}

describe('transactions that are committed as a group', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let flush: HeldFlush
  let group: GroupCommit
  let open: () => PreparedStatements
  beforeEach(async () => {
    folder = await temporaryFolder()
    const file = join(folder.path, 'group.db')
    open = () => new PreparedStatements(file, 1000, ['PRAGMA journal_mode = WAL', 'PRAGMA synchronous = NORMAL'])
    const writing = open()
    writing.control('CREATE TABLE t (value INTEGER UNIQUE)')
    flush = new HeldFlush(file)
    group = new GroupCommit(writing, open(), flush, oneAtATime())
  })
  afterEach(async () => {
    await group.close()
    await folder[Symbol.asyncDispose]()
  })
  const flushes = (count: number) => expect.poll(() => flush.held.length).toBe(count)
  const values = async () =>
    (await group.committed.rows<{ value: number }>(Prisma.sql`SELECT value FROM t ORDER BY value`)).map((row) => row.value)

  it('says that it is done after the log was flushed, not before; others write meanwhile', async () => {
    const heard: number[] = []
    const first = group.transaction(add(1)).then((value) => heard.push(value))
    await flushes(1)
    const second = group.transaction(add(2)).then((value) => heard.push(value))
    await flushes(2)
    expect(await values()).toEqual([1, 2])
    expect(heard).toEqual([])
    for (const { release } of flush.held) release()
    await Promise.all([first, second])
    expect(heard).toEqual([1, 2])
  })

  it('flushes once for all that came at the same time', async () => {
    const all = Promise.all([1, 2, 3].map((value) => group.transaction(add(value))))
    await flushes(1)
    flush.held[0]?.release()
    expect(await all).toEqual([1, 2, 3])
    expect(flush.held).toHaveLength(1)
  })

  it('tells each of them when the disk did not take it', async () => {
    const all = Promise.allSettled([1, 2].map((value) => group.transaction(add(value))))
    await flushes(1)
    flush.held[0]?.fail(new Error('the disk is broken'))
    expect(await all).toMatchObject([
      { reason: { message: 'the disk is broken' } },
      { reason: { message: 'the disk is broken' } },
    ])
  })

  it('undoes the one that fails and no other, alone or among others', async () => {
    const all = Promise.allSettled([1, 1, 2].map((value) => group.transaction(add(value))))
    await flushes(1)
    flush.held[0]?.release()
    expect(await all).toMatchObject([{ value: 1 }, { status: 'rejected' }, { value: 2 }])
    await expect(group.transaction(add(2))).rejects.toThrow(/UNIQUE/)
    expect(await values()).toEqual([1, 2])
  })
})
