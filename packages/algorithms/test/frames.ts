import { createFrame, createRandom, type EncodedLabels, encodeLabels, type Frame } from '../src/index.ts'

/** A frame of one row per array. */
export function frameOfRows(names: readonly string[], rows: readonly (readonly number[])[]): Frame {
  return createFrame(
    names,
    names.map((_, column) => Float64Array.from(rows, (row) => row[column])),
  )
}

/** Rows whose class follows from the first two of three features, apart from one in ten. */
export function sampleProblem(rowCount: number, classCount: number, seed = 1): { features: Frame; labels: EncodedLabels } {
  const random = createRandom(seed)
  const rows = Array.from({ length: rowCount }, () => [random.float64(), random.float64(), random.float64()])
  const labels = rows.map(([a, b]) =>
    random.below(10) === 0 ? random.below(classCount) : Math.floor(((a + b) / 2) * classCount),
  )
  return { features: frameOfRows(['a', 'b', 'c'], rows), labels: encodeLabels(labels) }
}
