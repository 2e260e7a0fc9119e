import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openTable } from '../packages/runtime/src/data/open-table.ts'
import { createPoolExecutor } from '../packages/runtime/src/execution/pool-executor.ts'
import { silentLogger } from '../packages/runtime/src/ports/logger.ts'
import type { TaskExecutor } from '../packages/runtime/src/ports/task-executor.ts'
import { PandasTable } from './pandas-table.ts'
import { type Figure, ratioFigures } from './statistics.ts'
import { sourceAt, writeTable } from './table-file.ts'

const policy = { minimumRecords: 10, minimumCell: 10 }
const WARM_UP = 5
const MEMORY_MB = 1024

/**
 * All that is published of a table in mode `full`: records, missing values, means, deviations, quantiles at each twentieth, categories. As a client
 * of default settings works it out: by its two worker processes, which have the table open. pandas has it in memory, and computes `describe()` (which has the
 * quartiles), missing values, distinct values and the counts of the key.
 */
export async function benchMetadata({ sizes, rounds }: { sizes: readonly { rows: number; target: number }[]; rounds: number }) {
  const figures: Figure[] = []
  for (const { rows, target } of sizes) {
    const { ours, pandas } = await measure(rows, rounds)
    figures.push(...ratioFigures(`full metadata of ${rows / 1_000_000} M rows`, ours, pandas, target))
  }
  return figures
}

async function measure(rows: number, rounds: number): Promise<{ ours: number[]; pandas: number[] | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-metadata-'))
  try {
    const path = join(folder, 'table.csv')
    await writeTable(path, rows)
    using peer = await PandasTable.open(path)
    const ours: number[] = []
    const pandas: number[] = []
    const tableFolder = join(folder, 'tables')
    await store(path, tableFolder)
    await using executor = createPoolExecutor({
      workers: 2,
      memoryMb: MEMORY_MB,
      timeoutMs: 600_000,
      tableFolder,
      logger: silentLogger,
    })
    // The first rounds warm both.
    for (let round = -WARM_UP; round < rounds; round++) {
      const ms = await describe(path, executor)
      const theirs = await peer?.ask('metadata')
      if (round < 0) continue
      ours.push(ms)
      if (theirs !== undefined) pandas.push(theirs)
    }
    return { ours, pandas: peer && pandas }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As at a client that has had the table before. */
async function store(path: string, folder: string): Promise<void> {
  const table = await openTable(sourceAt(path), { folder, memoryMb: MEMORY_MB / 2 })
  await table.keep()
  await table.close()
}

async function describe(path: string, executor: TaskExecutor): Promise<number> {
  const start = performance.now()
  const question = { source: sourceAt(path), publish: 'full', policy } as const
  const outcome = await executor.describe(question, { signal: new AbortController().signal })
  if (outcome.kind !== 'described') throw new Error(outcome.detail)
  return performance.now() - start
}
