import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { connect, feature, type Project } from '@flotta/client-sdk'
import { createToken } from '@flotta/crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeParquet, writeSqlite } from '../../packages/runtime/test/data/sources/make-tables.ts'
import { startPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork } from '../support/app-network.ts'
import { Releasers } from '../support/releasers.ts'

/** Patients of a kind of source, each kind with others. */
const patients = (kind: number, rows: number) =>
  Array.from({ length: rows }, (_, row) => ({
    age: 20 + kind + ((row * 17) % 50),
    weight: row % 7 === 3 ? null : 50 + kind + ((row * 13) % 37) / 4,
    ward: row % 2 === 0 ? 'surgery' : 'medicine',
  }))
type Patient = ReturnType<typeof patients>[number]

const csvOf = (rows: readonly Patient[]) =>
  ['age,weight,ward', ...rows.map(({ age, weight, ward }) => `${age},${weight ?? ''},${ward}`)].join('\n')
const valuesOf = (rows: readonly Patient[]) =>
  rows.map(({ age, weight, ward }) => `(${age}, ${weight ?? 'NULL'}, '${ward}')`).join()
const create = (name: string, rows: readonly Patient[]) =>
  `CREATE TABLE ${name} (age INTEGER, weight DOUBLE PRECISION, ward VARCHAR(20)); INSERT INTO ${name} VALUES ${valuesOf(rows)}`

const tables = {
  zipped: patients(1, 31),
  lines: patients(2, 42),
  parquet: patients(3, 53),
  sqlite: patients(4, 64),
  postgresql: patients(5, 75),
}
const pooled = Object.values(tables).flat()

const acquired = new Releasers()
let network: AppNetwork
let project: Project
/** A reader of the clinic's own database, who may do there what he likes. */
let reader: pg.Client

beforeAll(async () => {
  const postgres = acquired.use(await startPostgres())
  const { host, port, username, password, database } = postgres
  reader = new pg.Client({ host, port, user: username, password, database })
  await reader.connect()
  acquired.defer(() => reader.end())
  await reader.query(`${create('visits', tables.postgresql)};
    CREATE FUNCTION note() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN DELETE FROM visits; RETURN 1; END $$;
    CREATE VIEW writing AS SELECT note() AS written`)
  network = acquired.use(await AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db' } }))
  const path = (name: string) => join(network.folder, name)
  writeFileSync(path('zipped.csv.gz'), gzipSync(csvOf(tables.zipped)))
  writeFileSync(path('lines.jsonl'), tables.lines.map((row) => JSON.stringify(row)).join('\n'))
  await writeParquet(path('t.parquet'), `SELECT * FROM (VALUES ${valuesOf(tables.parquet)}) t(age, weight, ward)`)
  writeSqlite(path('clinic.db'), create('visits', tables.sqlite))
  const server = { dialect: 'postgresql', host, port, username, password, name: database }
  const [token, otherToken] = [[network.token], [createToken('project')]]
  const datasources = [
    { name: 'zipped', kind: 'file', type: 'csv', path: path('zipped.csv.gz'), token },
    { name: 'lines', kind: 'file', type: 'jsonl', path: path('lines.jsonl'), token },
    { name: 'parquet', kind: 'file', type: 'parquet', path: path('t.parquet'), token },
    { name: 'sqlite', kind: 'db', connection: { dialect: 'sqlite', host: path('clinic.db') }, table: 'visits', token },
    { name: 'postgresql', kind: 'db', connection: server, table: 'visits', token },
    { name: 'absent', kind: 'file', type: 'csv', path: path('absent.csv'), token: otherToken },
    { name: 'writing', kind: 'db', connection: server, table: 'writing', token: otherToken },
  ]
  await network.startNode()
  const client = network.startClient('clinic', '', { datasources })
  await client.said(/joined the node/)
  expect(client.lines.join('\n')).toMatch(/"absent" can not be used: .*absent\.csv/)
  expect(client.lines.join('\n')).toMatch(/"writing" can not be used: .*read-only transaction/)
  const workbench = acquired.use(await connect(network.url, { folder: path('workbench') }))
  project = await workbench.project(network.token)
})
afterAll(() => acquired[Symbol.asyncDispose]())

describe('a client whose configuration names a source of every kind', () => {
  it('offers them as tables of the same features, and what is broken stops none of the others', () => {
    expect(project.records).toBe(pooled.length)
    expect(project.datasources.map(({ metadata }) => metadata.name).sort()).toEqual(Object.keys(tables).sort())
    expect(project.features.map(({ name, types, missing }) => [name, types, missing])).toEqual([
      ['age', ['integer'], 0],
      ['weight', ['float'], pooled.filter(({ weight }) => weight === null).length],
      ['ward', ['categorical'], 0],
    ])
  })

  it('computes over all of them as over the pooled table', async () => {
    expect((await project.count()).count).toBe(pooled.length)
    const old = pooled.filter(({ age, weight }) => age > 40 && weight !== null)
    const { means } = await project.mean(['weight'], { where: feature('age').gt(40) })
    expect(means[0]?.mean).toBeCloseTo(
      old.reduce((sum, { weight }) => sum + weight! / old.length, 0),
      9,
    )
  })

  it('has told its operator and the node of the broken ones, and has written nothing', async () => {
    const command = network.run('node', 'node', 'datasources', 'ls', '--format', 'jsonl')
    await command.exited
    const problems = command.lines.map((line) => JSON.parse(line) as { name: string; problem: string | null })
    expect(problems.filter(({ problem }) => problem !== null).map(({ name, problem }) => [name, problem])).toEqual(
      expect.arrayContaining([
        ['absent', 'datasource_unavailable'],
        ['writing', expect.any(String)],
      ]),
    )
    expect((await reader.query('SELECT count(*)::integer AS n FROM visits')).rows).toEqual([{ n: tables.postgresql.length }])
  })
})
