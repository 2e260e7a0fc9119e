import { gzipSync } from 'node:zlib'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
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

  it('may be a view, with a name that has to be quoted', async () => {
    using folder = new Folder()
    const path = makeDatabase(
      folder,
      `CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2); CREATE VIEW "my ""view" AS SELECT a * 2 AS twice FROM t`,
    )
    expect((await contentOf({ kind: 'sqlite', name: 't', path, table: 'my "view' })).columns).toEqual({ twice: ['2', '4'] })
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
