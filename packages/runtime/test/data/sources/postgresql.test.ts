import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../../../../store/test/support/postgres.ts'
import { openTable } from '../../../src/data/open-table.ts'
import type { FeatureDeclaration, PostgresqlTable } from '../../../src/ports/datasource-source.ts'
import { contentOf, refusalOf } from './folder.ts'
import { connectPostgres, postgresTable } from './make-tables.ts'

let server: TestPostgres
let admin: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  admin = await connectPostgres(server)
  await admin.query(`
    CREATE SCHEMA clinic;
    CREATE TABLE clinic.visits (i integer, big bigint, f double precision, money numeric, b boolean, d date,
      at timestamp, zoned timestamptz, s text, code varchar(9), uid uuid, bytes bytea);
    INSERT INTO clinic.visits VALUES
      (1, 9007199254740993, 0.1, 1.25, true, '2020-01-01', '2020-01-01 10:00:00.5', '2020-01-01 12:00:00+02', 'NA', '007', NULL, 'x'),
      (NULL, 1, 'NaN', NULL, false, NULL, NULL, NULL, NULL, '008', '6b30bd3e-4e0a-4a4e-9d7a-0d6c9b1f5a11', NULL);
    CREATE VIEW clinic."odd ""name" AS SELECT i * 2 AS twice FROM clinic.visits WHERE i IS NOT NULL;
    CREATE FUNCTION clinic.note() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN INSERT INTO clinic.visits (i) VALUES (99); RETURN 1; END $$;
    CREATE VIEW clinic.writing AS SELECT clinic.note() AS written;
    CREATE TABLE clinic.numbers (small smallint, r real, m numeric, huge bigint, f double precision, b boolean);
    INSERT INTO clinic.numbers VALUES
      (-7, 0.1, 12345678901234567890.123, 9223372036854775807, 'Infinity', false),
      (NULL, 'NaN', '1e400', NULL, '-1e-320', NULL),
      (32767, -3e38, 'NaN', -1, 2, true);
    CREATE TABLE clinic.empty (i integer, big bigint, f double precision, b boolean);
    INSERT INTO clinic.empty VALUES (NULL, NULL, NULL, NULL);
    CREATE TABLE clinic.many AS SELECT n, n % 7 AS r FROM generate_series(1, 20000) AS n`)
}, 120_000)
afterAll(async () => {
  await admin?.end()
  await server?.[Symbol.asyncDispose]()
})

const source = (table: string, changes: Partial<PostgresqlTable> = {}): PostgresqlTable => ({
  ...postgresTable(server, 'clinic', table),
  ...changes,
})

const declared = ({ feature, type }: Pick<FeatureDeclaration, 'feature' | 'type'>): FeatureDeclaration => ({
  feature,
  type,
  unit: undefined,
  categories: [],
})

describe('a table of a PostgreSQL database', () => {
  it('keeps the types of the database; NaN is missing, zoned times are those of UTC, bytes are left out', async () => {
    expect(await contentOf(source('visits'))).toEqual({
      types: {
        i: 'integer',
        big: 'integer',
        f: 'float',
        money: 'float',
        b: 'boolean',
        d: 'date',
        at: 'timestamp',
        zoned: 'timestamp',
        s: 'string',
        code: 'string',
        uid: 'string',
      },
      columns: {
        i: ['1', null],
        big: ['9007199254740993', '1'],
        f: ['0.1', null],
        money: ['1.25', null],
        b: ['true', 'false'],
        d: ['2020-01-01', null],
        at: ['2020-01-01 10:00:00.5', null],
        zoned: ['2020-01-01 10:00:00', null],
        s: ['NA', null],
        code: ['007', '008'],
        uid: [null, '6b30bd3e-4e0a-4a4e-9d7a-0d6c9b1f5a11'],
      },
    })
  })

  it('has the decimals that its numbers are written with; what is too large to count is missing, and of whole numbers makes a float', async () => {
    expect(await contentOf(source('numbers'))).toEqual({
      types: { small: 'integer', r: 'float', m: 'float', huge: 'float', f: 'float', b: 'boolean' },
      columns: {
        small: ['-7', null, '32767'],
        r: ['0.1', null, '-3e+38'],
        m: ['1.2345678901234567e+19', null, null],
        huge: ['9.223372036854776e+18', null, '-1.0'],
        f: [null, '-1e-320', '2.0'],
        b: ['false', null, 'true'],
      },
    })
  })

  it('without any value is of no type, or what its owner declares', async () => {
    expect((await contentOf(source('empty'))).types).toEqual({ i: 'null', big: 'null', f: 'null', b: 'null' })
    const features = [
      { feature: 'i', type: 'float' },
      { feature: 'big', type: 'date' },
      { feature: 'f', type: 'timestamp' },
      { feature: 'b', type: 'boolean' },
    ] as const
    const { types } = await contentOf(source('empty', { features: features.map(declared) }))
    expect(types).toEqual({ i: 'float', big: 'date', f: 'timestamp', b: 'boolean' })
  })

  it.each([
    ['small', 'date', '2 cells of column "small" are not of the declared type date; the first is in record 1'],
    ['huge', 'integer', 'the cell of column "huge" in record 1 is not of the declared type integer'],
    ['f', 'integer', '2 cells of column "f" are not of the declared type integer; the first is in record 1'],
  ] as const)('whose column %s is declared as %s, which it is not, is refused with the place', async (feature, type, says) => {
    const refusal = await refusalOf(source('numbers', { features: [declared({ feature, type })] }))
    expect(refusal.code).toBe('malformed_datasource')
    expect(refusal.detail).toContain(says)
  })

  it('may have numbers that are declared as text, as the server writes them', async () => {
    const features = [
      { feature: 'small', type: 'string' },
      { feature: 'huge', type: 'categorical' },
    ] as const
    const { columns } = await contentOf(source('numbers', { features: features.map(declared) }))
    expect(columns).toMatchObject({ small: ['-7', null, '32767'], huge: ['9223372036854775807', null, '-1'] })
  })

  it('may be a view with a name that has to be quoted, and longer than a batch', async () => {
    expect((await contentOf(source('odd "name'))).columns).toEqual({ twice: ['2'] })
    const { columns } = await contentOf(source('many'))
    expect(columns.n).toHaveLength(20_000)
    expect(new Set(columns.n).size).toBe(20_000)
  })

  it('of which the connection ends among the records is unavailable, and no part of it is taken for the table', async () => {
    await admin.query(`CREATE VIEW clinic.cut AS
      SELECT n, CASE WHEN n = 50000 THEN pg_terminate_backend(pg_backend_pid()) END AS ended FROM generate_series(1, 60000) AS n`)
    const { code, detail } = await refusalOf(source('cut'))
    expect(code).toBe('datasource_unavailable')
    expect(detail).toContain('57P01')
  })

  it('that does not fit into the memory of the query engine is said to be so, and the server is let go at once', async () => {
    await admin.query(`CREATE VIEW clinic.wide AS
      SELECT n, n * 0.5::float8 AS f, 'a text that is longer than what a cell of the engine holds ' || n AS s FROM (SELECT generate_series(1, 100000000) AS n) AS endless`)
    await expect(openTable(source('wide'), { memoryMb: 4 })).rejects.toMatchObject({ code: 'out_of_memory' })
    await expect
      .poll(async () => (await admin.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'flotta'`)).rowCount)
      .toBe(0)
  })

  it('can not be written to, not even by a view that tries', async () => {
    const { code, detail } = await refusalOf(source('writing'))
    expect(code).toBe('datasource_unavailable')
    expect(detail).toContain('read-only transaction')
    expect((await admin.query('SELECT count(*)::int AS n FROM clinic.visits')).rows).toEqual([{ n: 2 }])
  })

  it.each([
    ['a table that is not there', { table: 'x"; DROP TABLE clinic.visits; --' }, 'it does not exist'],
    ['a wrong password', { password: 'SECRET' }, '28P01'],
    ['a server that is not there', { port: 1 }, 'ECONNREFUSED'],
  ])('is unavailable with %s, and the password is in no message', async (_, changes, says) => {
    const { code, detail } = await refusalOf(source('visits', changes))
    expect(code).toBe('datasource_unavailable')
    expect(detail).toContain(says)
    expect(detail).not.toMatch(/SECRET|only-for-tests/)
  })
})
