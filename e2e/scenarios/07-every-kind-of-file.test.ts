import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { feature } from '@flotta/client-sdk'
import { openIdentity } from '@flotta/crypto'
import { createClient, createPoolExecutor, type DatasourceSource, type Logger, silentLogger } from '@flotta/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { Releasers } from '../support/releasers.ts'

const CANARY = 'CANARY-7731'
const rows = Array.from({ length: 40 }, (_, i) => ({ age: 20 + i, weight: 50.5 + i / 4, group: i % 2 ? 'a' : 'b' }))
const head = 'age,weight,group'
const csv = `${head}\n${rows.map(({ age, weight, group }) => `${age},${weight},${group}`).join('\n')}\n`
const semicolons = csv.replaceAll(',', ';').replaceAll('.', ',')
const kinds: Record<string, { content: string | Uint8Array; source: (path: string) => DatasourceSource }> = {
  csv: { content: csv, source: (path) => ({ kind: 'file', name: 'csv', path, format: 'csv' }) },
  gzip: { content: gzipSync(csv), source: (path) => ({ kind: 'file', name: 'gzip', path, format: 'csv' }) },
  tsv: { content: csv.replaceAll(',', '\t'), source: (path) => ({ kind: 'file', name: 'tsv', path, format: 'tsv' }) },
  comma: {
    content: semicolons,
    source: (path) => ({ kind: 'file', name: 'comma', path, format: 'csv', separator: ';', decimal: ',' }),
  },
  jsonl: {
    content: rows.map((row) => JSON.stringify(row)).join('\n'),
    source: (path) => ({ kind: 'file', name: 'jsonl', path, format: 'jsonl' }),
  },
}

let network: Network
const acquired = new Releasers()
const told: string[] = []
const logger: Logger = { ...silentLogger, error: (message) => void told.push(message), with: () => logger }

beforeAll(async () => {
  network = acquired.use(await startNetwork({ sites: {} }))
  const executor = acquired.use(createPoolExecutor({ workers: 1, memoryMb: 512, timeoutMs: 60_000, logger }))
  const folder = join(network.folder, 'kinds')
  mkdirSync(folder)
  for (const [name, { content }] of Object.entries(kinds)) writeFileSync(join(folder, name), content)
  writeFileSync(join(folder, 'broken'), `${head}\n1,2,x\n${CANARY}\n`)
  const broken: DatasourceSource = { kind: 'file', name: 'broken', path: join(folder, 'broken'), format: 'csv' }
  const sources = [...Object.entries(kinds).map(([name, { source }]) => source(join(folder, name))), broken]
  const client = acquired.use(
    createClient({
      nodeUrl: network.url,
      identity: openIdentity(join(folder, 'keys')),
      name: 'site',
      workdir: folder,
      datasources: sources.map((source) => ({
        name: source.name,
        publish: 'full',
        source: () => source,
        tokens: () => [network.token],
      })),
      executor,
      policy: { minimumRecords: 10, minimumCell: 5 },
      logger,
    }),
  )
  client.start()
  await client.joined()
})
afterAll(() => acquired[Symbol.asyncDispose]())

describe('files of every kind at one client', () => {
  it('are the same table to the node: types, counts, figures and categories; only text has cells that mean that there is no value', async () => {
    const { datasources } = await network.project()
    const readable = datasources.filter(({ metadata }) => metadata.problem === null)
    expect(readable.map(({ metadata }) => metadata.name).sort()).toEqual(Object.keys(kinds).sort())
    for (const { metadata } of readable) {
      // Which cells are missing is told of text alone: the other kinds have a null of their own.
      const told = { ...metadata, name: '', missingCells: undefined }
      expect(told).toEqual({ ...readable[0]!.metadata, name: '', missingCells: undefined })
      expect(metadata.features.map(({ name, type }) => [name, type])).toEqual([
        ['age', 'integer'],
        ['weight', 'float'],
        ['group', 'categorical'],
      ])
      const source = kinds[metadata.name]?.source('')
      const isText = source?.kind === 'file' && (source.format === 'csv' || source.format === 'tsv')
      expect(metadata.missingCells).toEqual(isText ? undefined : [])
      expect(metadata.features[2]?.values).toEqual([
        { value: 'a', records: 20 },
        { value: 'b', records: 20 },
      ])
    }
  })

  it('one that is broken is reported, to its owner with its line and to nobody with its content', async () => {
    const project = await network.project()
    const broken = project.datasources.find(({ metadata }) => metadata.name === 'broken')
    expect(broken?.metadata).toMatchObject({ records: null, features: [], problem: { code: 'malformed_datasource' } })
    expect(told.join('\n')).toMatch(/"broken" can not be used: .*broken:3: /)
    expect(`${told.join('\n')}${JSON.stringify(project.datasources)}`).not.toContain(CANARY)
  })

  it('one that is mended is noticed, read again, and then all of them answer', async () => {
    writeFileSync(join(network.folder, 'kinds', 'broken'), csv)
    const project = await network.project()
    const problems = async () => (await project.refresh()).datasources.flatMap(({ metadata }) => metadata.problem ?? [])
    await expect.poll(problems, { interval: 200 }).toEqual([])
    expect(project.records).toBe(40 * 6)
    expect((await project.count({ where: feature('weight').ge(55.5) })).count).toBe(
      rows.filter(({ weight }) => weight >= 55.5).length * 6,
    )
    expect((await project.mean(['weight'])).means[0]?.mean).toBeCloseTo(
      rows.reduce((sum, { weight }) => sum + weight / 40, 0),
      10,
    )
  })
})
