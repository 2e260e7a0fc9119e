import { type Column, createFrame, type Frame, isNumbers } from '@flotta/algorithms'
import { concatNumbers, concatTexts } from './concat.ts'

/** The moments of one feature in each group, over the values that are there. */
export interface GroupedFeature {
  readonly name: string
  readonly counts: Float64Array
  /** Compensated (Kahan 1965); 0 where there is no value. */
  readonly sums: Float64Array
  /** Sums of squared deviations from the mean of the group; NaN where a value is too large to be squared. */
  readonly squares: Float64Array
}

/** The records of a table by their keys; a missing key is a group of its own. Groups are in no particular order. */
export interface Groups {
  /** One row a group. */
  readonly keys: Frame<Column>
  readonly records: Float64Array
  readonly features: readonly GroupedFeature[]
}

/** The groups of several tables as those of one: groups of the same keys become one, their moments merged (Chan et al. 1979). */
export function mergeGroups(parts: readonly Groups[]): Groups {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const all = laidOnTop(parts)
  const { rowCount, columns, names } = all.keys
  const target = new Map<string, number>()
  const firsts: number[] = []
  const groupOf = Int32Array.from({ length: rowCount }, (_, row) => {
    const key = JSON.stringify(columns.map((column) => column[row]))
    const known = target.get(key) ?? target.size
    if (known === target.size) firsts.push(row)
    target.set(key, known)
    return known
  })
  const rows = Int32Array.from(firsts)
  return {
    keys: createFrame<Column>(
      names,
      columns.map((column) =>
        isNumbers(column) ? Float64Array.from(rows, (row) => column[row]!) : Array.from(rows, (row) => column[row]!),
      ),
    ),
    records: summed(all.records, groupOf, target.size),
    features: all.features.map((feature) => mergeFeature(feature, groupOf, target.size)),
  }
}

function mergeFeature({ name, counts, sums, squares }: GroupedFeature, groupOf: Int32Array, groups: number): GroupedFeature {
  const merged = { name, counts: new Float64Array(groups), sums: new Float64Array(groups), squares: new Float64Array(groups) }
  groupOf.forEach((group, row) => {
    const [n, m] = [merged.counts[group]!, counts[row]!]
    if (m === 0) return
    const between = n === 0 ? 0 : (sums[row]! / m - merged.sums[group]! / n) ** 2 * ((n * m) / (n + m))
    merged.counts[group] = n + m
    merged.sums[group] = merged.sums[group]! + sums[row]!
    const total = merged.squares[group]! + squares[row]! + between
    merged.squares[group] = Number.isFinite(total) ? total : Number.NaN
  })
  return merged
}

function laidOnTop(parts: readonly Groups[]): Groups {
  const [first] = parts as readonly [Groups, ...Groups[]]
  const stacked = (columns: readonly Column[]): Column =>
    columns.every(isNumbers) ? concatNumbers(columns) : concatTexts(columns.map((column) => [...(column as (string | null)[])]))
  return {
    keys: createFrame<Column>(
      first.keys.names,
      first.keys.columns.map((_, index) => stacked(parts.map(({ keys }) => keys.columns[index]!))),
    ),
    records: concatNumbers(parts.map(({ records }) => records)),
    features: first.features.map(({ name }, index) => ({
      name,
      counts: concatNumbers(parts.map(({ features }) => features[index]!.counts)),
      sums: concatNumbers(parts.map(({ features }) => features[index]!.sums)),
      squares: concatNumbers(parts.map(({ features }) => features[index]!.squares)),
    })),
  }
}

function summed(values: Float64Array, groupOf: Int32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups)
  groupOf.forEach((group, row) => {
    sums[group] = sums[group]! + values[row]!
  })
  return sums
}
