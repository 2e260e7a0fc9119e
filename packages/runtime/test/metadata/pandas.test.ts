import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Feature } from '@flotta/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { openTable } from '../../src/data/open-table.ts'
import { publishedMetadata } from '../../src/metadata/publish.ts'
import { figuresOf } from '../../src/metadata/table-figures.ts'

interface PandasFeature {
  readonly name: string
  readonly type: string
  readonly missing: number
  readonly mean?: number
  readonly std?: number
  /** Means of as many values as a cell must have, around each place. */
  readonly quantiles?: readonly number[]
  /** pandas' quantiles half a cell and more below and above each quartile. */
  readonly quartilesWithin?: readonly (readonly [lower: number, upper: number])[]
  readonly categories?: number
  readonly values?: Readonly<Record<string, number>>
}

const { minimumCell, tables } = JSON.parse(readFileSync(new URL('./fixtures/metadata.json', import.meta.url), 'utf8')) as {
  readonly minimumCell: number
  readonly tables: readonly { readonly records: number; readonly csv: string; readonly features: readonly PandasFeature[] }[]
}
const policy = { minimumRecords: 10, minimumCell }
const folder = mkdtempSync(join(tmpdir(), 'flotta-metadata-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function publishedOf(csv: string) {
  const path = join(folder, 'table.csv')
  writeFileSync(path, csv)
  const table = await openTable({ kind: 'file', name: 'table', path, format: 'csv' })
  try {
    return publishedMetadata('table', await figuresOf(table, [], policy), 'full', policy)
  } finally {
    await table.close()
  }
}

const near = (found: number | null | undefined, expected: number) =>
  expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe.each(tables)('what publish: full tells of a table of $records records', ({ records, csv, features }) => {
  it.each(features)('$name ($type): as pandas has it', async (expected) => {
    const published = await publishedOf(csv)
    expect(published.records).toBe(records)
    const found = published.features.find(({ name }) => name === expected.name) as Feature
    expect(found).toMatchObject({ type: expected.type, missing: expected.missing, categories: expected.categories ?? null })
    if (expected.mean === undefined) expect(found).toMatchObject({ mean: null, std: null })
    else {
      near(found.mean, expected.mean)
      near(found.std, expected.std!)
    }
    expect(found.quantiles?.length).toBe(expected.quantiles?.length)
    for (const [index, value] of (expected.quantiles ?? []).entries()) near(found.quantiles?.[index], value)
    for (const [index, [lower, upper]] of (expected.quartilesWithin ?? []).entries()) {
      const quartile = found.quantiles![((index + 1) * (found.quantiles!.length + 1)) / 4 - 1]!
      expect(quartile).toBeGreaterThanOrEqual(lower)
      expect(quartile).toBeLessThanOrEqual(upper)
    }
    if (expected.values) {
      expect(Object.fromEntries(found.values!.map(({ value, records }) => [value, records]))).toEqual(expected.values)
    }
  })
})
