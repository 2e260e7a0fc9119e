import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import Database from 'libsql'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../../../../store/test/support/postgres.ts'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import { contentOf, Folder, refusalOf } from './folder.ts'
import { connectPostgres, postgresTable, writeParquet, writeSqlite } from './make-tables.ts'

let server: TestPostgres
let admin: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  admin = await connectPostgres(server)
}, 120_000)
afterAll(async () => {
  await admin?.end()
  await server?.[Symbol.asyncDispose]()
})

type Value = bigint | number | string | boolean

/** A kind of column: what each kind of source declares it as, its values, and one that no narrower type has. */
interface Kind {
  readonly sqlite: string
  readonly postgresql: string
  readonly values: fc.Arbitrary<Value>
  readonly sure: Value
}

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const kinds: readonly Kind[] = [
  { sqlite: 'INTEGER', postgresql: 'integer', values: fc.integer(), sure: 7 },
  { sqlite: 'INTEGER', postgresql: 'bigint', values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), sure: 7 },
  { sqlite: 'REAL', postgresql: 'double precision', values: numbers, sure: 0.5 },
  { sqlite: 'NUMERIC', postgresql: 'numeric', values: numbers, sure: 0.5 },
  { sqlite: '', postgresql: 'boolean', values: fc.constant(true), sure: false },
  { sqlite: 'TEXT', postgresql: 'text', values: fc.string({ unit: 'grapheme', minLength: 1 }).filter(isCell), sure: 'x' },
  {
    sqlite: 'DATE',
    postgresql: 'date',
    values: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map(dayOf),
    sure: '2020-02-29',
  },
]

/** What a database holds as it is; blanks at the ends of a line's last cell, and what is missing in a file, are not alike. */
function isCell(text: string): boolean {
  return text.trim() === text && !text.includes('\0')
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

interface AnyTable {
  readonly columns: readonly Kind[]
  readonly records: readonly (readonly (Value | null)[])[]
}

const tables: fc.Arbitrary<AnyTable> = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    records: fc
      .array(fc.tuple(...columns.map(({ values }) => fc.option(values, { freq: 3 }))), { maxLength: 8 })
      .map((records) => [...records, columns.map(({ sure }) => sure)]),
  }),
)

const nameOf = (index: number) => `column ${index}`
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

function csvOf({ columns, records }: AnyTable): string {
  const cellOf = (value: Value | null) => (value === null ? '' : quoted(String(value)))
  const lines = records.map((record) => record.map(cellOf).join(','))
  return `${[columns.map((_, index) => nameOf(index)).join(','), ...lines].join('\n')}\n`
}

function fillSqlite(path: string, { columns, records }: AnyTable): void {
  const database = new Database(path)
  const declared = columns.map(
    ({ sqlite, sure }, index) => `"${nameOf(index)}" ${typeof sure === 'boolean' ? 'BOOLEAN' : sqlite}`,
  )
  database.exec(`CREATE TABLE t (${declared.join(', ')})`)
  const insert = database.prepare(`INSERT INTO t VALUES (${columns.map(() => '?').join(', ')})`)
  for (const record of records) insert.run(record.map((value) => (typeof value === 'boolean' ? Number(value) : value)))
  database.close()
}

async function fillPostgresql({ columns, records }: AnyTable): Promise<void> {
  const declared = columns.map(({ postgresql }, index) => `"${nameOf(index)}" ${postgresql}`)
  await admin.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (${declared.join(', ')})`)
  const places = columns.map((_, index) => `$${index + 1}`).join(', ')
  for (const record of records) {
    await admin.query(
      `INSERT INTO t VALUES (${places})`,
      record.map((value) => value && String(value)),
    )
  }
}

describe('a table', () => {
  it('is read alike from a CSV file, from SQLite and from PostgreSQL', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        using folder = new Folder()
        const path = folder.write('t.csv', csvOf(table))
        const expected = await contentOf({ kind: 'file', name: 't', path, format: 'csv', missing: [''] })
        fillSqlite(`${folder.path}/t.db`, table)
        expect(await contentOf({ kind: 'sqlite', name: 't', path: `${folder.path}/t.db`, table: 't' })).toEqual(expected)
        await fillPostgresql(table)
        expect(await contentOf(postgresTable(server, 'public', 't'))).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  describe('of which two columns have names that differ in case only', () => {
    const sources: readonly [string, (folder: Folder) => Promise<DatasourceSource> | DatasourceSource][] = [
      [
        'a CSV file',
        (folder) => ({ kind: 'file', name: 't', format: 'csv', path: folder.write('t.csv', 'ward,age,WARD\na,1,b\n') }),
      ],
      [
        'JSON lines',
        (folder) => ({
          kind: 'file',
          name: 't',
          format: 'jsonl',
          path: folder.write('t.jsonl', '{"ward":"a","age":1}\n{"WARD":"b"}\n'),
        }),
      ],
      [
        'a Parquet file',
        async (folder) => {
          const path = `${folder.path}/t.parquet`
          await writeParquet(path, `SELECT 'a' AS ward, {'x': {'y': 1}, 'ward': 2} AS age, 'b' AS drow`)
          folder.write('t.parquet', Buffer.from(readFileSync(path, 'latin1').replaceAll('drow', 'WARD'), 'latin1'))
          return { kind: 'file', name: 't', format: 'parquet', path }
        },
      ],
      [
        'PostgreSQL',
        async () => {
          await admin.query(`CREATE TABLE alike AS SELECT 'a' AS ward, 1 AS age, 'b' AS "WARD"`)
          return postgresTable(server, 'public', 'alike')
        },
      ],
    ]

    it.each(sources)('is refused by both names, from %s', async (_, make) => {
      using folder = new Folder()
      const { code, detail } = await refusalOf(await make(folder))
      expect(code).toBe('malformed_datasource')
      expect(detail).toMatch(/columns "(ward|WARD)" and "(ward|WARD)" differ in case only/)
    })

    it('can not be made in SQLite', () => {
      using folder = new Folder()
      expect(() => writeSqlite(`${folder.path}/t.db`, 'CREATE TABLE t (ward TEXT, WARD TEXT)')).toThrow('duplicate column')
    })
  })
})
