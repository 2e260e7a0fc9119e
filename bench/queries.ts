import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRandom } from '@flotta/algorithms'
import type { Estimator, Query } from '@flotta/contract'
import { SiteRecords } from '../packages/runtime/src/data/site-records.ts'
import { TableCache } from '../packages/runtime/src/data/table-cache.ts'
import { groupTableFamily } from '../packages/runtime/src/execution/estimators/group-table-family.ts'
import type { DatasourceSource } from '../packages/runtime/src/ports/datasource-source.ts'
import { pythonWith } from './python.ts'
import { type Figure, median } from './statistics.ts'

const columns = Array.from({ length: 8 }, (_, index) => `x${index}`)
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

/** Half of the default of `execution.memory_mb`, as a worker process gives the query engine. */
const MEMORY_MB = 512

type Question = 'first' | 'repeated' | 'group' | 'extract'
type Times = Record<Question, number[]>

/** Queries over a table of one key and eight numbers, against pandas in the same run: it reads the file, or has it in memory. */
export async function benchQueries({ rows, rounds }: { readonly rows: number; readonly rounds: number }): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-queries-'))
  try {
    const path = join(folder, 'table.csv')
    await writeTable(path, rows)
    const ours = await measure(path, folder, rounds)
    const pandas = await measurePandas(path, rounds)
    const size = `${rows / 1_000_000} M rows`
    return [
      ...figures(`first query on a new CSV of ${size}`, ours.first, pandas?.first, 1.2),
      ...figures(`repeated query, pandas reading the CSV each time, ${size}`, ours.repeated, pandas?.first, 10),
      ...figures(`group-by count and mean of 8 columns, ${size}`, ours.group, pandas?.group, rows >= 5_000_000 ? 8 : 3),
      ...figures(`filter and extract 8 columns, ${size}`, ours.extract, pandas?.extract, 0.7),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(path: string, folder: string, rounds: number): Promise<Times> {
  const source: DatasourceSource = { kind: 'file', name: 't', path, format: 'csv' }
  const times: Times = { first: [], repeated: [], group: [], extract: [] }
  for (let round = 0; round < rounds; round++) {
    const tables = { folder: join(folder, `tables-${round}`), memoryMb: MEMORY_MB }
    const fresh = new TableCache(tables)
    times.first.push(await timed(async () => group(await SiteRecords.select([source], everything, fresh))))
    await close(fresh, source)
    const cache = new TableCache(tables)
    times.repeated.push(await timed(async () => group(await SiteRecords.select([source], everything, cache))))
    const records = await SiteRecords.select([source], everything, cache)
    times.group.push(await timed(() => group(records)))
    times.extract.push(await timed(async () => (await SiteRecords.select([source], filtered, cache)).frame(columns)))
    await close(cache, source)
    rmSync(tables.folder, { recursive: true, force: true })
  }
  return times
}

const byKey: Estimator = { kind: 'GroupBy', keys: [{ feature: 'k' }], statistics: [{ kind: 'Mean', features: columns }] }

/** What a site does for the estimator: the summary that would leave it. */
function group(records: SiteRecords) {
  return groupTableFamily.summarise(byKey, records, { minimumRecords: 10, minimumCell: 10 })
}

async function close(cache: TableCache, source: DatasourceSource): Promise<void> {
  const table = await cache.open(source)
  await table.keep()
  await table.close()
}

async function measurePandas(path: string, rounds: number): Promise<Record<'first' | 'group' | 'extract', number[]> | null> {
  const python = pythonWith('pandas')
  if (python === undefined) return null
  const child = spawn(python, [fileURLToPath(new URL('./queries-pandas.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (command: 'load' | 'first' | 'group' | 'extract') => {
    child.stdin.write(`${JSON.stringify({ do: command, path, columns })}\n`)
    const line = await lines.next()
    if (line.done === true) throw new Error('pandas ended')
    return (JSON.parse(line.value) as { ms: number }).ms
  }
  const times = { first: [] as number[], group: [] as number[], extract: [] as number[] }
  await ask('load')
  for (let round = 0; round < rounds; round++)
    for (const question of ['first', 'group', 'extract'] as const) times[question].push(await ask(question))
  child.stdin.end()
  return times
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function figures(name: string, ours: readonly number[], pandas: readonly number[] | undefined, target: number): Figure[] {
  const ms = median(ours)
  const ratio = pandas === undefined ? null : median(pandas) / ms
  return [
    { name, value: ms, unit: 'ms', target: '', holds: null },
    {
      name: '… times as fast as pandas',
      value: ratio,
      unit: '×',
      target: `≥ ${target}`,
      holds: ratio === null ? null : ratio >= target,
    },
  ]
}

/** A key of eight values, and eight columns of numbers of which one in fifty is missing. */
async function writeTable(path: string, rows: number): Promise<void> {
  const random = createRandom(7)
  const file = createWriteStream(path)
  file.write(`k,${columns.join(',')}\n`)
  for (let row = 0; row < rows; row += 1000) {
    let text = ''
    for (let line = row; line < Math.min(rows, row + 1000); line++) {
      text += `g${Math.floor(random.float64() * 8)}`
      for (const _ of columns) text += random.float64() < 0.02 ? ',' : `,${random.float64().toFixed(5)}`
      text += '\n'
    }
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}
