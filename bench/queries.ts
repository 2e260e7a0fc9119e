import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Estimator, Query } from '@flotta/contract'
import { SiteRecords } from '../packages/runtime/src/data/site-records.ts'
import { TableCache } from '../packages/runtime/src/data/table-cache.ts'
import { groupTableFamily } from '../packages/runtime/src/execution/estimators/group-table-family.ts'
import type { DatasourceSource } from '../packages/runtime/src/ports/datasource-source.ts'
import { PandasTable } from './pandas-table.ts'
import { type Figure, median, ratioFigures } from './statistics.ts'
import { columns, sourceAt, writeTable } from './table-file.ts'

const everything: Query = { kind: 'Query', stages: [] }
const filtered: Query = {
  kind: 'Query',
  stages: [
    {
      kind: 'Filter',
      condition: { op: 'gt', left: { op: 'feature', name: 'x0' }, right: { op: 'value', value: 0.25 } },
    },
  ],
}
const byKey: Estimator = { kind: 'GroupBy', keys: [{ feature: 'k' }], statistics: [{ kind: 'Mean', features: columns }] }

/** What a worker process gives the query engine and the columns by default: half and an eighth of `execution.memory_mb`. */
const memory = { memoryMb: 512, columnsMb: 128 }

type Question = 'first' | 'repeated' | 'group' | 'extractCold' | 'extract'
type Peer = 'first' | 'group' | 'extract'

export interface QueriesOptions {
  readonly rows: number
  readonly rounds: number
  /** Of the larger table, of which only the group-by is measured, and what it takes to read it. */
  readonly largeRows: number
}

/** What a site does for queries over a table of one key and eight numbers; pandas in the same minutes, round by round. */
export async function benchQueries({ rows, rounds, largeRows }: QueriesOptions): Promise<Figure[]> {
  const { ours, pandas } = await measure(rows, rounds)
  const large = await measureLarge(largeRows, rounds)
  const [size, largeSize] = [sizeOf(rows), sizeOf(largeRows)]
  return [
    ...ratioFigures(`first query on a new CSV of ${size}`, ours.first, pandas?.first, 1.2),
    ...ratioFigures(`repeated query, pandas reading the CSV each time, ${size}`, ours.repeated, pandas?.first, 10),
    ...ratioFigures(`group-by count and mean of 8 columns, ${size}`, ours.group, pandas?.group, 3),
    ...ratioFigures(`group-by count and mean of 8 columns, ${largeSize}`, large.group, large.peer?.group, 8),
    { name: `first query on a new CSV of ${largeSize}`, value: large.first, unit: 'ms', target: '', holds: null },
    {
      name: '… times as fast as pandas',
      value: large.peer === undefined ? null : large.peer.first / large.first,
      unit: '×',
      target: '',
      holds: null,
    },
    {
      name: `extract 8 columns for the first time, ${size}`,
      value: median(ours.extractCold),
      unit: 'ms',
      target: '',
      holds: null,
    },
    ...ratioFigures(`filter and extract 8 columns from the cache, ${size}`, ours.extract, pandas?.extract, 0.7),
  ]
}

function sizeOf(rows: number): string {
  return `${rows / 1_000_000} M rows`
}

async function withTable<T>(rows: number, use: (path: string, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-queries-'))
  try {
    const path = join(folder, 'table.csv')
    await writeTable(path, rows)
    return await use(path, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measure(rows: number, rounds: number) {
  return withTable(rows, async (path, folder) => {
    using peer = await PandasTable.open(path)
    const ours: Record<Question, number[]> = { first: [], repeated: [], group: [], extractCold: [], extract: [] }
    const pandas: Record<Peer, number[]> = { first: [], group: [], extract: [] }
    for (let round = 0; round < rounds; round++) {
      await measureRound(sourceAt(path), join(folder, `tables-${round}`), ours)
      for (const question of ['first', 'group', 'extract'] as const)
        if (peer !== undefined) pandas[question].push(await peer.ask(question))
    }
    return { ours, pandas: peer && pandas }
  })
}

async function measureRound(source: DatasourceSource, folder: string, times: Record<Question, number[]>): Promise<void> {
  const settings = { folder, ...memory }
  const fresh = new TableCache(settings)
  times.first.push(await timed(async () => group(await SiteRecords.select([source], everything, fresh))))
  await close(fresh, source)
  const cache = new TableCache(settings)
  times.repeated.push(await timed(async () => group(await SiteRecords.select([source], everything, cache))))
  const records = await SiteRecords.select([source], everything, cache)
  times.group.push(await timed(() => group(records)))
  times.extractCold.push(await timed(() => records.frame(columns)))
  // As in a worker process that has answered such a question before, so has memory for what it selects.
  await extract(source, cache)
  times.extract.push(await timed(() => extract(source, cache)))
  await close(cache, source)
  rmSync(folder, { recursive: true, force: true })
}

async function extract(source: DatasourceSource, cache: TableCache): Promise<void> {
  const records = await SiteRecords.select([source], filtered, cache)
  await records.frame(columns)
  cache.trim()
}

function measureLarge(rows: number, rounds: number) {
  return withTable(rows, async (path, folder) => {
    const cache = new TableCache({ folder: join(folder, 'tables'), spillFolder: join(folder, 'spill'), ...memory })
    const select = () => SiteRecords.select([sourceAt(path)], everything, cache)
    const first = await timed(async () => group(await select()))
    await between(cache, sourceAt(path))
    const records = await select()
    await group(records)
    using peer = await PandasTable.open(path)
    const peerFirst = await peer?.ask('first')
    const ours: number[] = []
    const pandas: number[] = []
    for (let round = 0; round < rounds; round++) {
      ours.push(await timed(() => group(records)))
      if (peer !== undefined) pandas.push(await peer.ask('group'))
    }
    await close(cache, sourceAt(path))
    return { first, group: ours, peer: peerFirst === undefined ? undefined : { first: peerFirst, group: pandas } }
  })
}

/** What a site does for the estimator: the summary that would leave it. */
function group(records: SiteRecords) {
  return groupTableFamily.summarise(byKey, records, { minimumRecords: 10, minimumCell: 10 })
}

/** What a worker process does between jobs, to its end. */
async function between(cache: TableCache, source: DatasourceSource): Promise<void> {
  const table = await cache.open(source)
  cache.trim()
  await table.keep()
  await turn()
  cache.trim()
}

async function close(cache: TableCache, source: DatasourceSource): Promise<void> {
  const table = await cache.open(source)
  await table.keep()
  await table.close()
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
