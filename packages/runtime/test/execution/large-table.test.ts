import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Estimator } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPoolExecutor } from '../../src/execution/pool-executor.ts'
import type { DatasourceSource } from '../../src/ports/datasource-source.ts'
import { silentLogger } from '../../src/ports/logger.ts'
import type { TaskExecutor } from '../../src/ports/task-executor.ts'

/** The least that `execution.memory_mb` may be. */
const MEMORY_MB = 64
const ROWS = 352_000
const columns = Array.from({ length: 24 }, (_, index) => `x${index}`)
const policy = { minimumRecords: 10, minimumCell: 10 }
const signal = new AbortController().signal

let folder: string
let source: DatasourceSource
let executor: TaskExecutor

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotta-large-'))
  const path = join(folder, 'large.csv')
  writeLarge(path)
  expect(statSync(path).size).toBeGreaterThan(1.1 * MEMORY_MB * 2 ** 20)
  expect(ROWS * columns.length * 8).toBeGreaterThan(MEMORY_MB * 2 ** 20)
  source = { kind: 'file', name: 'large', path, format: 'csv' }
  const tableFolder = join(folder, 'tables')
  executor = createPoolExecutor({ workers: 1, memoryMb: MEMORY_MB, timeoutMs: 60_000, tableFolder, logger: silentLogger })
})
afterAll(async () => {
  await executor[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** A worker process that takes more than it may is ended: what completes has kept to its memory. */
describe('a table larger than the memory of a job', () => {
  it('is published of', async () => {
    const outcome = await executor.describe({ source, publish: 'full', policy }, { signal })
    expect(outcome).toMatchObject({ kind: 'described', metadata: { records: ROWS } })
    const [first] = outcome.kind === 'described' ? outcome.metadata.features : []
    expect(first).toMatchObject({ name: 'k', values: expect.arrayContaining([{ value: 'g0', records: ROWS / 8 }]) })
  })

  it('is published of in the same words by several processes, each of which reads a share of its columns', async () => {
    const options = {
      workers: 3,
      memoryMb: MEMORY_MB,
      timeoutMs: 60_000,
      tableFolder: join(folder, 'tables'),
      logger: silentLogger,
    }
    await using several = createPoolExecutor(options)
    const question = { source, publish: 'full', policy } as const
    expect(await several.describe(question, { signal })).toEqual(await executor.describe(question, { signal }))
  })

  it('is counted, added up and grouped over all of its columns', async () => {
    expect(await estimate({ kind: 'Mean', features: columns })).toBe('completed')
    const statistics = [{ kind: 'Mean' as const, features: columns }]
    expect(await estimate({ kind: 'GroupBy', keys: [{ feature: 'k' }], statistics })).toBe('completed')
  })

  it('is described column by column', async () => {
    expect(await estimate({ kind: 'Describe', features: columns })).toBe('completed')
  })
})

async function estimate(estimator: Estimator): Promise<string> {
  const outcome = await executor.execute(
    {
      operation: { kind: 'Estimate', estimator, query: { kind: 'Query', stages: [] } },
      datasources: [source],
      inputs: [],
      used: [],
      outputPath: join(folder, 'product'),
      policy,
      until: undefined,
    },
    { signal },
  )
  return outcome.kind === 'failed' ? `${outcome.failure.code}: ${outcome.detail}` : outcome.kind
}

/** A key of eight values and columns of eight digits; each row is one of a thousand. */
function writeLarge(path: string): void {
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const cells = columns.map((_, column) => (((row + 1) * (column + 7)) % 997).toFixed(5))
    return `g${row % 8},${cells.join(',')}`
  })
  const text = `${rows.join('\n')}\n`
  const file = openSync(path, 'w')
  writeSync(file, `k,${columns.join(',')}\n`)
  for (let row = 0; row < ROWS; row += rows.length) writeSync(file, text)
  closeSync(file)
}
