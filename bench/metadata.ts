import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { ColumnCache } from '../packages/runtime/src/data/column-cache.ts'
import { openTable } from '../packages/runtime/src/data/open-table.ts'
import { publishedMetadata } from '../packages/runtime/src/metadata/publish.ts'
import { figuresOf } from '../packages/runtime/src/metadata/table-figures.ts'
import { PandasTable } from './pandas-table.ts'
import { type Figure, ratioFigures } from './statistics.ts'
import { writeTable } from './table-file.ts'

const policy = { minimumRecords: 10, minimumCell: 10 }

/**
 * All that is published of a table in mode `full`: records, missing values, means, deviations, quantiles at each twentieth, categories. The
 * table is opened anew from its file each time, so nothing of it is in memory, by a process that has worked before; pandas has it in memory, and computes `describe()` (which has the
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
    const memory = new ColumnCache(128)
    // The first round stores the table, and warms both.
    for (let round = 0; round <= rounds; round++) {
      const ms = await describe(path, join(folder, 'tables'), memory)
      const theirs = await peer?.ask('metadata')
      if (round === 0) continue
      ours.push(ms)
      if (theirs !== undefined) pandas.push(theirs)
    }
    return { ours, pandas: peer && pandas }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function describe(path: string, folder: string, memory: ColumnCache): Promise<number> {
  const start = performance.now()
  const table = await openTable({ kind: 'file', name: 't', path, format: 'csv' }, { folder, memoryMb: 512 }, memory)
  publishedMetadata('t', await figuresOf(table, [], policy), 'full', policy)
  const ms = performance.now() - start
  memory.takeBack()
  await table.keep()
  await table.close()
  return ms
}
