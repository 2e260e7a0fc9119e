import { gzipSync } from 'node:zlib'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { openTable } from '../../../src/data/open-table.ts'
import { contentOf, Folder, refusalOf } from './folder.ts'
import { writeParquet, writeSqlite } from './make-tables.ts'

describe('a file of JSON lines', () => {
  const lines = [
    '{"i": 1, "f": 1.5, "s": "7", "d": "2020-01-01", "b": true, "deep": {"x": [1]}}',
    '{"i": 2, "f": 2, "s": "NA", "d": "2020-02-01", "b": false, "late": 3}',
  ].join('\n')

  it('has the names that any record has; quoted digits are text, and what is nested is text', async () => {
    using folder = new Folder()
    const path = folder.write('t.jsonl', lines)
    expect(await contentOf({ kind: 'file', name: 't', path, format: 'jsonl' })).toEqual({
      types: { i: 'integer', f: 'float', s: 'string', d: 'date', b: 'boolean', deep: 'string', late: 'integer' },
      columns: {
        i: ['1', '2'],
        f: ['1.5', '2.0'],
        s: ['7', 'NA'],
        d: ['2020-01-01', '2020-02-01'],
        b: ['true', 'false'],
        deep: ['{"x":[1]}', null],
        late: [null, '3'],
      },
    })
  })

  it('may be compressed', async () => {
    using folder = new Folder()
    const path = folder.write('t.jsonl', gzipSync(lines))
    expect((await contentOf({ kind: 'file', name: 't', path, format: 'jsonl' })).columns.i).toEqual(['1', '2'])
  })

  it.each([
    ['a line that is no JSON', '{"a": 1}\n{"a": "SECRET\n', 2],
    ['one in the middle', '{"a": 1}\n{"a": 2}\n{"a" "SECRET"}\n{"a": 4}\n', 3],
    ['a byte order mark', '\uFEFF{"a": 1}\n{"a": "SECRET"}\n', 1],
    ['a line that is no object', '{"a": 1}\n"SECRET"\n', undefined],
  ])('refuses %s without saying what stands there', async (_, text, line) => {
    using folder = new Folder()
    const path = folder.write('t.jsonl', text)
    const { code, detail } = await refusalOf({ kind: 'file', name: 't', path, format: 'jsonl' })
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain(line === undefined ? path : `${path}:${line}`)
    expect(detail).not.toContain('SECRET')
  })
})

describe('a Parquet file', () => {
  it('keeps its types; NaN is missing, zoned times are those of UTC, bytes are left out', async () => {
    using folder = new Folder()
    const path = `${folder.path}/t.parquet`
    await writeParquet(
      path,
      `SELECT * FROM (VALUES (1, 1.5::DOUBLE, 'a', [1, 2], 'x'::BLOB, TIMESTAMPTZ '2020-01-01 12:00:00+02', 1.25::DECIMAL(5,2)),
       (2, 'nan'::DOUBLE, NULL, [3], 'y'::BLOB, NULL, NULL)) t(i, f, s, l, bytes, "at", money)`,
    )
    expect(await contentOf({ kind: 'file', name: 't', path, format: 'parquet' })).toEqual({
      types: { i: 'integer', f: 'float', s: 'string', l: 'string', at: 'timestamp', money: 'float' },
      columns: {
        i: ['1', '2'],
        f: ['1.5', null],
        s: ['a', null],
        l: ['[1,2]', '[3]'],
        at: ['2020-01-01 10:00:00', null],
        money: ['1.25', null],
      },
    })
  })

  it('keeps to the categories that its owner declares, or is refused with the place', async () => {
    using folder = new Folder()
    const path = `${folder.path}/t.parquet`
    await writeParquet(path, `SELECT * FROM (VALUES (1), (NULL), (3), (4)) t(code)`)
    const source = (...categories: string[]) =>
      ({
        kind: 'file',
        name: 't',
        path,
        format: 'parquet',
        features: [{ feature: 'code', type: undefined, unit: undefined, categories }],
      }) as const
    expect((await contentOf(source('1', '3', '4'))).columns).toEqual({ code: ['1', null, '3', '4'] })
    const { code, detail } = await refusalOf(source('1', '3'))
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain('the cell of column "code" in record 4 is not one of its categories')
  })

  it('that is none, or is cut off, is malformed', async () => {
    using folder = new Folder()
    const other = folder.write('t.parquet', 'a,b\n1,2\n')
    const cut = folder.write('cut.parquet', 'PAR1 and then nothing')
    for (const path of [other, cut]) {
      expect((await refusalOf({ kind: 'file', name: 't', path, format: 'parquet' })).code).toBe('malformed_datasource')
    }
  })
})

describe('a table of an SQLite database', () => {
  function makeDatabase(folder: Folder, sql: string): string {
    const path = `${folder.path}/clinic ?#%41.db`
    writeSqlite(path, sql)
    return path
  }

  it('is typed by its values, and by its declarations where those leave it open', async () => {
    using folder = new Folder()
    const path = makeDatabase(
      folder,
      `CREATE TABLE visits (i INTEGER, f REAL, b BOOLEAN, s TEXT, d TEXT, big INTEGER, bytes BLOB);
       INSERT INTO visits VALUES (1, 2, 1, '7', '2020-01-01', 9007199254740993, x'00'), (2, 0.1, 0, 'NA', '2020-02-02', 1, NULL)`,
    )
    expect(await contentOf({ kind: 'sqlite', name: 't', path, table: 'visits' })).toEqual({
      types: { i: 'integer', f: 'float', b: 'boolean', s: 'string', d: 'date', big: 'integer' },
      columns: {
        i: ['1', '2'],
        f: ['2.0', '0.1'],
        b: ['true', 'false'],
        s: ['7', 'NA'],
        d: ['2020-01-01', '2020-02-02'],
        big: ['9007199254740993', '1'],
      },
    })
  })

  it.each([
    ['1', '1.5'],
    ['1', "'x'"],
    ['1', "'2020-01-01'"],
    ['1', '9007199254740993'],
    ['1', '-9223372036854775808'],
    ['0.5', "'007'"],
    ['0.5', '9e999'],
    ['NULL', '7'],
    ['NULL', "'x'"],
    ["'x'", '0.1'],
    ["'2020-01-01'", '1'],
  ])('whose values are %s, and late another one, %s, is typed and read as if that had come first', async (usual, late) => {
    using folder = new Folder()
    const records = (select: string) =>
      `CREATE TABLE t (a, b REAL); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t ${select}`
    const at = (place: number) => `SELECT CASE WHEN i = ${place} THEN ${late} ELSE ${usual} END, i FROM n`
    writeSqlite(`${folder.path}/late.db`, records(at(4000)))
    writeSqlite(`${folder.path}/first.db`, records(at(1)))
    const read = (name: string) => contentOf({ kind: 'sqlite', name: 't', path: `${folder.path}/${name}.db`, table: 't' })
    const [first, last] = [await read('first'), await read('late')]
    expect(last.types).toEqual(first.types)
    expect(last.columns.b).toEqual(first.columns.b)
    const { a } = first.columns
    expect(last.columns.a).toEqual([...a!.slice(1, 4000), a![0], ...a!.slice(4000)])
  })

  it('is whole numbers where a column that is declared as BOOLEAN has others than 0 and 1', async () => {
    using folder = new Folder()
    const path = makeDatabase(folder, 'CREATE TABLE t (a BOOLEAN); INSERT INTO t VALUES (0), (1), (2), (NULL)')
    expect(await contentOf({ kind: 'sqlite', name: 't', path, table: 't' })).toEqual({
      types: { a: 'integer' },
      columns: { a: ['0', '1', '2', null] },
    })
  })

  it('is refused with the place where a value is not of the type that its owner declares', async () => {
    using folder = new Folder()
    const path = makeDatabase(folder, 'CREATE TABLE t (a REAL); INSERT INTO t VALUES (1), (2.5), (3.5)')
    const features = [{ feature: 'a', type: 'integer', unit: undefined, categories: [] }] as const
    const { code, detail } = await refusalOf({ kind: 'sqlite', name: 't', path, table: 't', features })
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain('2 cells of column "a" are not of the declared type integer; the first is in record 2')
  })

  it('may be a view, with a name that has to be quoted', async () => {
    using folder = new Folder()
    const path = makeDatabase(
      folder,
      `CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2); CREATE VIEW "my ""view" AS SELECT a * 2 AS twice FROM t`,
    )
    expect((await contentOf({ kind: 'sqlite', name: 't', path, table: 'my "view' })).columns).toEqual({ twice: ['2', '4'] })
  })

  it('that does not fit into the memory of the query engine is said to be so, not to be malformed', async () => {
    using folder = new Folder()
    const path = makeDatabase(
      folder,
      `CREATE VIEW wide AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       SELECT i, i * 0.5 AS f, 'a text that is longer than what a cell of the engine holds ' || i AS s FROM n`,
    )
    await expect(openTable({ kind: 'sqlite', name: 'wide', path, table: 'wide' }, { memoryMb: 4 })).rejects.toMatchObject({
      code: 'out_of_memory',
    })
  })

  it('of bytes alone is refused: nothing of it can be read', async () => {
    using folder = new Folder()
    const path = makeDatabase(folder, 'CREATE TABLE t (a BLOB)')
    const { code, detail } = await refusalOf({ kind: 'sqlite', name: 't', path, table: 't' })
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain('there is no column that can be read')
  })

  it('that is not there, or is no database, is refused and never made', async () => {
    using folder = new Folder()
    const path = makeDatabase(folder, 'CREATE TABLE t (a INTEGER)')
    expect((await refusalOf({ kind: 'sqlite', name: 't', path, table: 'x"; DROP TABLE t; --' })).code).toBe(
      'malformed_datasource',
    )
    expect((await contentOf({ kind: 'sqlite', name: 't', path, table: 't' })).columns).toEqual({ a: [] })
    const absent = `${folder.path}/absent.db`
    expect((await refusalOf({ kind: 'sqlite', name: 't', path: absent, table: 't' })).code).toBe('datasource_unavailable')
    expect((await refusalOf({ kind: 'sqlite', name: 't', path: absent, table: 't' })).code).toBe('datasource_unavailable')
    const text = folder.write('text.db', 'a,b\n1,2\n')
    expect((await refusalOf({ kind: 'sqlite', name: 't', path: text, table: 't' })).code).toBe('malformed_datasource')
  })

  it('is read while another process writes to it, as of one moment', async () => {
    using folder = new Folder()
    const path = `${folder.path}/live.db`
    const writer = new Database(path)
    writer.exec(
      'PRAGMA journal_mode = wal; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)',
    )
    expect((await contentOf({ kind: 'sqlite', name: 't', path, table: 't' })).columns).toEqual({ a: ['1'] })
    writer.exec('COMMIT')
    expect((await contentOf({ kind: 'sqlite', name: 't', path, table: 't' })).columns).toEqual({ a: ['1', '2'] })
    writer.close()
  })
})
