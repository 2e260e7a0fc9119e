import { compareKeys, type KeyValue, MAX_PROTECTED_CELLS } from '@flotta/algorithms'
import { FlottaError, type GroupKey, keyValueOf } from '@flotta/contract'
import type { SiteRecords } from '../../data/site-records.ts'

/** The records of a site by group: a group is a cell of the table over the levels of all keys. */
export interface GroupedRows {
  /** Number of levels of each key. */
  readonly shape: readonly number[]
  readonly cells: number
  /** Rows, cell by cell. */
  readonly order: Int32Array
  /** Where the rows of a cell begin in `order`; one more entry than cells. */
  readonly starts: Int32Array
  keyOf(cell: number): KeyValue[]
}

/** Groups the records by the levels that occur here. Without keys all of them are one group. */
export async function groupRows(records: SiteRecords, keys: readonly GroupKey[]): Promise<GroupedRows> {
  const coded = await Promise.all(keys.map(async (key) => encode(await valuesOf(records, key))))
  const shape = coded.map(({ levels }) => levels.length)
  const cells = cellsOf(shape)
  requireProtectable(shape)
  const rowCount = coded[0]?.codes.length ?? (await records.count())
  const cellOf = new Int32Array(rowCount)
  for (const { codes, levels } of coded)
    for (let row = 0; row < rowCount; row++) cellOf[row] = cellOf[row]! * levels.length + codes[row]!
  return {
    shape,
    cells,
    ...rowsByCell(cellOf, cells),
    keyOf: (cell) => levelsOf(shape, cell).map((level, key) => coded[key]!.levels[level]!),
  }
}

export function cellsOf(shape: readonly number[]): number {
  return shape.reduce((product, levels) => product * levels, 1)
}

/** @throws {FlottaError} `disclosure_refused` for a table over several keys with more cells than can be looked into */
export function requireProtectable(shape: readonly number[]): void {
  if (shape.length > 1 && cellsOf(shape) > MAX_PROTECTED_CELLS)
    throw new FlottaError('disclosure_refused', 'The keys together have too many combinations of values to be told of.')
}

/** The level of each key that says it is missing, which is the last one; -1 where it never is. */
export function missingLevelsOf({ shape, keyOf }: Pick<GroupedRows, 'shape' | 'keyOf'>): number[] {
  const last = keyOf(cellsOf(shape) - 1)
  return shape.map((size, key) => (last[key] === null ? size - 1 : -1))
}

/** How many rows a cell has. */
export function sizeOf({ starts }: GroupedRows, cell: number): number {
  return starts[cell + 1]! - starts[cell]!
}

/** The values of a column, cell by cell; to be read only, since without keys it is the column itself. */
export function gather({ order, shape }: GroupedRows, column: Float64Array): Float64Array {
  if (shape.length === 0) return column
  const gathered = new Float64Array(order.length)
  for (let place = 0; place < order.length; place++) gathered[place] = column[order[place]!]!
  return gathered
}

async function valuesOf(records: SiteRecords, key: GroupKey): Promise<readonly KeyValue[]> {
  const { type } = records.key(key)
  if ('edges' in key) {
    const frame = await records.frame([key.feature])
    return Array.from(frame.columns[0]!, (value) => binOf(value, key.edges))
  }
  const values = await records.labels(key.feature)
  if (!('equals' in key)) return values
  const equals = keyValueOf(key.equals, type)
  return values.map((value) => (value === null ? null : value === equals))
}

/** The bin with lower edge ≤ value < upper edge, the last one with its upper edge; null where nothing is. */
function binOf(value: number, edges: readonly number[]): number | 'outside' | null {
  if (Number.isNaN(value)) return null
  const last = edges.length - 1
  if (value < edges[0]! || value > edges[last]!) return 'outside'
  let low = 0
  let high = last - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (edges[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

function encode(values: readonly KeyValue[]): { readonly levels: readonly KeyValue[]; readonly codes: Int32Array } {
  const seen = new Map<KeyValue, number>()
  const codes = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const known = seen.get(values[row]!)
    if (known === undefined) seen.set(values[row]!, seen.size)
    codes[row] = known ?? seen.size - 1
  }
  const levels = [...seen.keys()].sort((a, b) => compareKeys([a], [b]))
  const places = new Int32Array(levels.length)
  for (const [place, level] of levels.entries()) places[seen.get(level)!] = place
  for (let row = 0; row < codes.length; row++) codes[row] = places[codes[row]!]!
  return { levels, codes }
}

function rowsByCell(cellOf: Int32Array, cells: number): { readonly order: Int32Array; readonly starts: Int32Array } {
  const starts = new Int32Array(cells + 1)
  for (const cell of cellOf) starts[cell + 1]!++
  for (let cell = 0; cell < cells; cell++) starts[cell + 1]! += starts[cell]!
  const next = starts.slice(0, cells)
  const order = new Int32Array(cellOf.length)
  cellOf.forEach((cell, row) => {
    order[next[cell]!++] = row
  })
  return { order, starts }
}

/** The place in each key's levels of a cell. */
export function levelsOf(shape: readonly number[], cell: number): number[] {
  const levels: number[] = []
  let rest = cell
  for (const size of shape.toReversed()) {
    levels.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return levels
}
