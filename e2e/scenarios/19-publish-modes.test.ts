import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../packages/store/src/sqlite/open-sqlite.ts'
import { type Network, startNetwork } from '../support/network.ts'

/** What stands in the tables and must not be told: texts of single persons, a rare ward, and a weight that stands out. */
const CANARY = 'CANARY-7731'
const HEAVIEST = 187.654

interface Patient {
  readonly age: number
  readonly weight: number | null
  readonly ward: string
  readonly code: string
  readonly note: string
}

/** Three patients of a rare ward, one of a weight that stands out, every seventh weight missing. */
function patients(rows: number, shift: number, code: (row: number) => string): Patient[] {
  return Array.from({ length: rows }, (_, row) => ({
    age: 20 + shift + ((row * 17) % 50),
    weight: row === 0 ? HEAVIEST : row % 7 === 3 ? null : 50 + shift + ((row * 13) % 37) / 4,
    ward: row < 3 ? `${CANARY}-ward` : row % 3 === 0 ? 'surgery' : 'medicine',
    code: code(row),
    note: `${CANARY}-${shift}-${row}`,
  }))
}

const tables = {
  north: patients(150, 0, (row) => String(row % 5)),
  south: patients(60, 8, (row) => `C${row % 5}`),
  east: patients(75, 3, (row) => String(row % 5)),
}
const policy = { minimumRecords: 10, minimumCell: 5 }
const csvOf = (rows: readonly Patient[]) =>
  ['age,weight,ward,code,note', ...rows.map((row) => Object.values(row).join(','))].join('\n')

const valuesOf = (rows: readonly Patient[], name: 'age' | 'weight') =>
  rows.flatMap((row) => (row[name] === null ? [] : [row[name]]))
const near = (value: number) => expect.closeTo(value, 9)

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean: near(mean), std: near(Math.sqrt(squares / (values.length - 1))) }
}

/** Numbers that no single value gives away: each lies well inside the values, and there are so many. */
function quantiles(values: readonly number[], count: number) {
  const sorted = [...values].sort((a, b) => a - b)
  return {
    asymmetricMatch: (told: unknown) =>
      Array.isArray(told) && told.length === count && told.every((each) => each > sorted[2]! && each < sorted.at(-3)!),
  }
}

const untold = { missing: null, mean: null, std: null, categories: null }
const north = { age: valuesOf(tables.north, 'age'), weight: valuesOf(tables.north, 'weight') }
const south = { age: valuesOf(tables.south, 'age'), weight: valuesOf(tables.south, 'weight') }
const counts = (ward: string) => tables.north.filter((row) => row.ward === ward).length

/** All that is told of each table, and nothing more. */
const told = {
  east: {
    name: 'east',
    publish: 'schema',
    records: null,
    problem: null,
    features: [
      { name: 'age', type: 'integer', ...untold },
      { name: 'weight', type: 'float', ...untold },
      { name: 'ward', type: 'categorical', ...untold },
      { name: 'code', type: 'integer', ...untold },
      { name: 'note', type: 'string', ...untold },
    ],
  },
  north: {
    name: 'north',
    publish: 'full',
    records: 150,
    problem: null,
    features: [
      { ...untold, name: 'age', type: 'integer', missing: 0, ...momentsOf(north.age), quantiles: quantiles(north.age, 19) },
      {
        ...untold,
        name: 'weight',
        type: 'float',
        missing: 21,
        ...momentsOf(north.weight),
        quantiles: quantiles(north.weight, 19),
      },
      {
        ...untold,
        name: 'ward',
        type: 'categorical',
        missing: 0,
        categories: 3,
        // With the surgical patients, all records less those that are named would tell the three.
        values: [{ value: 'medicine', records: counts('medicine') }],
      },
      { ...untold, name: 'code', type: 'integer', missing: 0, mean: 2, std: expect.any(Number), quantiles: expect.any(Array) },
      { ...untold, name: 'note', type: 'string', missing: 0, categories: 150 },
    ],
  },
  south: {
    name: 'south',
    publish: 'summary',
    records: 60,
    problem: null,
    features: [
      { ...untold, name: 'age', type: 'integer', missing: 0, ...momentsOf(south.age), quantiles: quantiles(south.age, 3) },
      { ...untold, name: 'weight', type: 'float', missing: 9, ...momentsOf(south.weight), quantiles: quantiles(south.weight, 3) },
      { ...untold, name: 'ward', type: 'categorical', missing: 0, categories: 2 },
      { ...untold, name: 'code', type: 'categorical', missing: 0, categories: 5 },
      { ...untold, name: 'note', type: 'string', missing: 0 },
    ],
  },
}

const folder = mkdtempSync(join(tmpdir(), 'flotta-publish-'))
const file = join(folder, 'node.db')
let network: Network
beforeAll(async () => {
  network = await startNetwork({
    sites: Object.fromEntries(Object.entries(tables).map(([site, rows]) => [site, csvOf(rows)])),
    publish: { north: 'full', south: 'summary', east: 'schema' },
    policy,
    database: { kind: 'sqlite', file },
  })
})
afterAll(async () => {
  await network?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('three data holders who publish as they like', () => {
  it("tell the node, and so its database, what each one's mode says and nothing more", async () => {
    const database = await openSqlite(file)
    const rows = await database.query((session) =>
      session.$queryRawUnsafe<{ name: string; metadata: string }[]>('SELECT name, metadata FROM datasource ORDER BY name'),
    )
    await database.close()
    expect(rows.map(({ metadata }) => JSON.parse(metadata))).toEqual([told.east, told.north, told.south])
  })

  it('leave no text, rare category or largest value of a person in any byte of the database', async () => {
    const project = await network.project()
    await project.count()
    await project.mean(['age'])
    for (const name of [file, `${file}-wal`]) {
      const bytes = readFileSync(name)
      for (const secret of [CANARY, String(HEAVIEST)]) expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false)
    }
  })

  it('tell the researcher the same', async () => {
    const { datasources } = await network.project()
    const seen = Object.fromEntries(datasources.map(({ metadata }) => [metadata.name, metadata]))
    expect(seen).toEqual(told)
  })

  it('are one project: moments of the pooled records of those who tell them, not averages of averages', async () => {
    const project = await network.project()
    expect(project.records).toBe(210)
    for (const name of ['age', 'weight'] as const) {
      const pooled = momentsOf([...north[name], ...south[name]])
      expect(project.features.find((feature) => feature.name === name)).toMatchObject({ ...pooled, datasources: 3, records: 210 })
    }
    expect(project.features.find(({ name }) => name === 'weight')?.missing).toBe(30)
    // One of them names no categories, so the project has none to name.
    expect(project.features.find(({ name }) => name === 'ward')?.values).toBeNull()
  })

  it('have a feature of different types: the project says where, and refuses to compute with it', async () => {
    const project = await network.project()
    const code = project.features.find(({ name }) => name === 'code')
    expect(code?.typesAt.map(({ type, datasources }) => [type, [...datasources].sort()])).toEqual([
      ['categorical', ['south/south']],
      ['integer', ['east/east', 'north/north']],
    ])
    expect(() => project.feature('code')).toThrow('"code" is not the same everywhere: categorical, integer')
  })

  it('answer the same to a computation, whatever they publish: it goes over the records', async () => {
    const project = await network.project()
    expect((await project.count()).count).toBe(285)
    const pooled = Object.values(tables).flatMap((rows) => valuesOf(rows, 'weight'))
    expect((await project.mean(['weight'])).means[0]?.mean).toEqual(momentsOf(pooled).mean)
  })
})
