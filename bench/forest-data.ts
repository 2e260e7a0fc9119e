import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFrame, createRandom, type EncodedLabels, encodeLabels, type Frame, selectRows } from '@flotta/algorithms'

export interface Records {
  readonly features: Frame
  readonly labels: EncodedLabels
}

export interface ForestData {
  readonly name: string
  readonly train: Records
  readonly test: Records
}

/** The California housing table of FLOTTA_BENCH_DATA (site-1.csv, validation.csv) where there is one, else records of the same size. */
export function loadForestData(): ForestData {
  const folder = process.env.FLOTTA_BENCH_DATA ?? fileURLToPath(new URL('../../shared/data/california', import.meta.url))
  if (!existsSync(join(folder, 'site-1.csv'))) return syntheticData()
  return { name: 'California housing', train: readCsv(join(folder, 'site-1.csv')), test: readCsv(join(folder, 'validation.csv')) }
}

/** The last column is the label. */
function readCsv(path: string): Records {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = header.split(',').slice(0, -1)
  const rows = lines.map((line) => line.split(',').map(Number))
  return { features: frameOf(names, rows), labels: encodeLabels(rows.map((row) => row[names.length] ?? 0)) }
}

/** 9,288 records to train on and 2,064 to test with: eight features, a noisy product of the first ones decides. */
function syntheticData(): ForestData {
  const random = createRandom(1)
  const names = Array.from({ length: 8 }, (_, i) => `x${i}`)
  const rows = Array.from({ length: 9288 + 2064 }, () => names.map(() => random.float64()))
  const all = {
    features: frameOf(names, rows),
    labels: encodeLabels(rows.map(([a = 0, b = 0]) => Number(a * b + 0.3 * random.float64() > 0.5))),
  }
  const part = (from: number, to: number): Records => ({
    features: selectRows(
      all.features,
      Int32Array.from({ length: to - from }, (_, i) => from + i),
    ),
    labels: { classes: all.labels.classes, codes: all.labels.codes.slice(from, to) },
  })
  return { name: 'synthetic', train: part(0, 9288), test: part(9288, rows.length) }
}

function frameOf(names: readonly string[], rows: readonly (readonly number[])[]): Frame {
  return createFrame(
    names,
    names.map((_, column) => Float64Array.from(rows, (row) => row[column] ?? Number.NaN)),
  )
}
