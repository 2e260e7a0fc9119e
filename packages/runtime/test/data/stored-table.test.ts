import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTable } from '../../src/data/open-table.ts'
import { pruneStoredTables } from '../../src/data/stored-table.ts'
import type { DatasourceSource } from '../../src/ports/datasource-source.ts'
import { Folder } from './sources/folder.ts'
import { writeParquet } from './sources/make-tables.ts'

function place() {
  const folder = new Folder()
  const path = folder.write('t.csv', 'a,s\n1,x\n2,y\n')
  const source: DatasourceSource = { kind: 'file', name: 't', path, format: 'csv' }
  const tables = join(folder.path, 'tables')
  const stored = () => readdirSync(tables).filter((name) => name.endsWith('.table'))
  const sum = async () => {
    const table = await openTable(source, { folder: tables })
    try {
      const [values] = await table.numbers(['a'], table.all)
      return values!.reduce((total, value) => total + value, 0)
    } finally {
      await table.keep()
      await table.close()
    }
  }
  return { folder, path, source, tables, stored, sum, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

describe('a source that is converted to a table file', () => {
  it('is read once: the second process takes the file, which is its owner’s alone', async () => {
    using at = place()
    expect(await at.sum()).toBe(3)
    const [name] = at.stored()
    const file = join(at.tables, name!)
    const { ino } = statSync(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(at.tables).mode & 0o777).toBe(0o700)
    expect(await at.sum()).toBe(3)
    expect(statSync(file).ino).toBe(ino)
    expect(at.stored()).toEqual([name])
  })

  it('is answered from before it is stored, and not stored when it is closed at once', async () => {
    using at = place()
    const table = await openTable(at.source, { folder: at.tables })
    expect(await table.count(table.all)).toBe(2)
    expect(at.stored()).toEqual([])
    await table.close()
    expect(readdirSync(at.tables)).toEqual([])
  })

  it.each(['csv', 'parquet'] as const)(
    'is stored the same by way of memory and straight, which a file that is large for the memory is: %s',
    async (format) => {
      using at = place()
      const source = { kind: 'file', name: 't', path: at.path, format } as const
      if (format === 'csv') {
        const rows = Array.from(
          { length: 9000 },
          (_, row) => `${row % 5 === 0 ? '' : row / 3},${`s${row % 11}`.padEnd(1000, '-')}`,
        )
        writeFileSync(at.path, `a,s\n${rows.join('\n')}\n`)
      } else {
        const text = 'repeat(md5(CAST(i AS VARCHAR)), 32)'
        await writeParquet(at.path, `SELECT CASE WHEN i % 5 <> 0 THEN i / 3 END AS a, ${text} AS s FROM range(40000) AS r(i)`)
      }
      const contents = []
      for (const memoryMb of [undefined, 64]) {
        const straight = await openTable(source, { folder: at.tables, memoryMb, spillFolder: at.tables })
        expect(at.stored()).toHaveLength(memoryMb === undefined ? 0 : 1)
        await straight.keep()
        await straight.close()
        const table = await openTable(source, { folder: at.tables })
        contents.push([
          table.schema,
          await table.numbers(['a'], table.all),
          await table.texts({ name: 's', type: 'string' }, table.all),
        ])
        await table.close()
        rmSync(at.tables, { recursive: true })
      }
      expect(contents[0]).toEqual(contents[1])
    },
  )

  it('that changes is converted anew, and the copy of what it was goes', async () => {
    using at = place()
    expect(await at.sum()).toBe(3)
    const [before] = at.stored()
    writeFileSync(at.path, 'a,s\n1,x\n2,y\n3,z\n')
    expect(await at.sum()).toBe(6)
    expect(at.stored()).toHaveLength(1)
    expect(at.stored()).not.toContain(before)
  })

  it('that is written with the same size at another time is converted anew (C19)', async () => {
    using at = place()
    expect(await at.sum()).toBe(3)
    writeFileSync(at.path, 'a,s\n5,x\n2,y\n')
    utimesSync(at.path, new Date(0), new Date(0))
    expect(await at.sum()).toBe(7)
  })

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['of something else', () => Buffer.from('no table')],
    ['with a damaged head', (bytes: Buffer) => Buffer.concat([Buffer.alloc(64, 7), bytes.subarray(64)])],
  ])('is made anew when its file is %s', async (_, damage) => {
    using at = place()
    expect(await at.sum()).toBe(3)
    const file = join(at.tables, at.stored()[0]!)
    writeFileSync(file, damage(readFileSync(file)))
    expect(await at.sum()).toBe(3)
  })

  it('never answers from a damaged block: the job fails as one to be tried again, and the next one reads the source', async () => {
    using at = place()
    expect(await at.sum()).toBe(3)
    const file = join(at.tables, at.stored()[0]!)
    const bytes = readFileSync(file)
    // Behind the three headers of 4 KiB every block begins with its checksum.
    for (let block = 3 * 4096; block < bytes.length; block += 256 * 1024) bytes[block + 100]! ^= 0xff
    writeFileSync(file, bytes)
    const first = await at.sum().catch((error: unknown) => error)
    if (first !== 3) expect(first).toMatchObject({ code: 'worker_crashed', retryable: true })
    expect(await at.sum()).toBe(3)
  })

  it('is made once whoever asks at the same time, and nothing half made stays', async () => {
    using at = place()
    expect(await Promise.all([at.sum(), at.sum(), at.sum()])).toEqual([3, 3, 3])
    expect(readdirSync(at.tables)).toEqual(at.stored())
    expect(at.stored()).toHaveLength(1)
  })

  it('leaves nothing behind when it can not be read', async () => {
    using at = place()
    writeFileSync(at.path, 'a,s\n1,x,too many\n')
    await expect(at.sum()).rejects.toMatchObject({ code: 'malformed_datasource' })
    expect(readdirSync(at.tables)).toEqual([])
  })

  it('goes when its owner offers it no more', async () => {
    using at = place()
    await at.sum()
    pruneStoredTables(at.tables, [at.source])
    expect(at.stored()).toHaveLength(1)
    pruneStoredTables(at.tables, [])
    expect(existsSync(join(at.tables, 'x'))).toBe(false)
    expect(readdirSync(at.tables)).toEqual([])
  })

  it('may be larger than the memory that the engine has', async () => {
    using at = place()
    const rows = 180_000
    const text = 'some words that nobody reads again and again. '.repeat(8)
    writeFileSync(at.path, `a,s\n${Array.from({ length: rows }, (_, row) => `${row % 7},${row} ${text}`).join('\n')}\n`)
    expect(statSync(at.path).size).toBeGreaterThan(64e6)
    const table = await openTable(at.source, { folder: at.tables, memoryMb: 64, spillFolder: join(at.tables, 'spill') })
    const groups = await table.groups([{ key: { feature: 'a' }, type: 'integer' }], [], table.all)
    await table.close()
    expect(groups.records.reduce((sum, records) => sum + records, 0)).toBe(rows)
  })
})
