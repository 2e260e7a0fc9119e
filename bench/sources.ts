/** What it costs to read a table of numbers for the first time, by where it is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { openTable } from '../packages/runtime/src/data/open-table.ts'
import type { DatasourceSource } from '../packages/runtime/src/ports/datasource-source.ts'
import { fillPostgres, postgresTable, writeSqlite } from '../packages/runtime/test/data/sources/make-tables.ts'
import { startPostgres } from '../packages/store/test/support/postgres.ts'
import { type Figure, median } from './statistics.ts'
import { columns, sourceAt, writeTable } from './table-file.ts'

/**
 * The same shape of table as CSV, in SQLite and on a PostgreSQL server: a key of eight values, and numbers of five decimals of which one in
 * fifty is missing. Processor time is that of this process: a server's own is not in it.
 */
export async function benchSources({ rows = 500_000, rounds = 5 } = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-sources-'))
  try {
    await using server = await startPostgres()
    const path = join(folder, 'table.csv')
    await writeTable(path, rows)
    writeSqlite(join(folder, 'table.db'), sqliteTable(rows))
    await fillPostgres(server, postgresqlTable(rows))
    const sources: [string, DatasourceSource][] = [
      ['a CSV file', sourceAt(path)],
      ['SQLite', { kind: 'sqlite', name: 't', path: join(folder, 'table.db'), table: 't' }],
      ['PostgreSQL', postgresTable(server, 'public', 't')],
    ]
    const taken = new Map(sources.map(([name]) => [name, [] as Reading[]]))
    // The first round warms all of them.
    for (let round = 0; round <= rounds; round++) {
      for (const [name, source] of sources) {
        const reading = await read(source)
        if (round > 0) taken.get(name)!.push(reading)
      }
    }
    return [...taken].flatMap(([name, readings]) => figuresOf(name, readings, rows))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Reading {
  readonly ms: number
  readonly cpuMs: number
}

async function read(source: DatasourceSource): Promise<Reading> {
  const before = process.cpuUsage()
  const start = performance.now()
  const table = await openTable(source)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  await table.close()
  return { ms, cpuMs: (user + system) / 1000 }
}

function figuresOf(name: string, readings: readonly Reading[], rows: number): Figure[] {
  const cells = rows * (columns.length + 1)
  const perSecond = rows / (median(readings.map(({ ms }) => ms)) / 1000)
  const cpuMs = median(readings.map((reading) => reading.cpuMs)) / (cells / 1_000_000)
  const isOpen = { target: '', holds: null }
  return [
    { name: `a table of ${columns.length} numbers and a key, from ${name}`, value: perSecond, unit: 'records/s', ...isOpen },
    { name: '… processor time of a million cells', value: cpuMs, unit: 'ms', ...isOpen },
  ]
}

function sqliteTable(rows: number): string {
  const numbers = columns.map((name) => `CASE WHEN random() % 50 <> 0 THEN abs(random() % 100000) / 100000.0 END AS ${name}`)
  return `CREATE TABLE t (k TEXT, ${columns.map((name) => `${name} REAL`).join(', ')});
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO t SELECT 'g' || abs(random() % 8), ${numbers.join(', ')} FROM n`
}

function postgresqlTable(rows: number): string {
  const numbers = columns.map((name) => `CASE WHEN random() > 0.02 THEN floor(random() * 100000) / 100000 END AS ${name}`)
  return `CREATE TABLE t AS SELECT 'g' || floor(random() * 8) AS k, ${numbers.join(', ')} FROM generate_series(1, ${rows})`
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  for (const { name, value, unit } of await benchSources()) process.stdout.write(`${name}: ${Math.round(value ?? 0)} ${unit}\n`)
}
