import {
  binsOf,
  compareKeys,
  isMeasured,
  type KeyValue,
  type Moments,
  momentsSummary,
  type QuantileBins,
} from '@flotta/algorithms'
import { type GroupKey, hasNumbersAtMost } from '@flotta/contract'
import type { GroupedFeature, Groups } from '../../data/groups.ts'
import { requireNumeric, type SiteRecords } from '../../data/site-records.ts'
import type { RequestedColumn } from '../../plan/estimator-traits.ts'
import type { GroupTableRequest } from '../../plan/group-table-request.ts'
import { cellsOf, type GroupedRows, gather, groupRows, levelsOf, requireProtectable, sizeOf } from './group-rows.ts'

/** The records of a site by group, before anything is withheld: a group is a cell of the table over the levels of all keys. */
export interface CellTable {
  /** Number of levels of each key. */
  readonly shape: readonly number[]
  /** Records of each cell. */
  readonly sizes: Float64Array
  keyOf(cell: number): KeyValue[]
  /** Of the columns that were requested; their values are held no longer than what is given back. */
  column(request: RequestedColumn): Promise<CellColumn>
}

/** One feature in each cell. */
export interface CellColumn {
  readonly name: string
  /** Values that are there, in each cell. */
  readonly present: Float64Array
  /** Null where they are not asked for, or of what is no number. */
  readonly moments: ((cell: number) => Moments) | null
  readonly bins: ((cell: number, minimumCell: number) => QuantileBins) | null
}

/**
 * Counts and sums are asked of the query engine, which never holds a column; what needs the values themselves, which are squared
 * deviations, bins, and sums of which too little would be left, is computed from them, exactly as everywhere.
 *
 * @throws {FlottaError} `unknown_feature`, `unsuitable_feature`, `disclosure_refused` for more groups than can be looked into
 */
export async function cellTable(records: SiteRecords, { keys, columns }: GroupTableRequest): Promise<CellTable> {
  const fromSums = columns.every(({ moments, bins }) => moments !== 'squares' && !bins)
  const summed = fromSums ? await summedCells(records, keys, columns) : undefined
  return summed ?? valueCells(records, keys)
}

/** What a sum may be off by of itself, of the 1e-9 that the law leaves. */
const MOST_LOST = 1e-10

/** Undefined where a sum would be too far from the exact one. */
async function summedCells(
  records: SiteRecords,
  keys: readonly GroupKey[],
  columns: readonly RequestedColumn[],
): Promise<CellTable | undefined> {
  for (const { name, anyType } of columns) if (!anyType) requireNumeric(records.column(name))
  const groups = await records.groups(
    keys,
    columns.map(({ name }) => name),
  )
  if (groups.features.some(isTooLossy)) return undefined
  const levels = groups.keys.map((values) => [...new Set(values)].sort((a, b) => compareKeys([a], [b])))
  const shape = levels.map(({ length }) => length)
  requireProtectable(shape)
  const cellOf = cellsOfGroups(groups, levels)
  const perCell = (figures: Float64Array) => {
    const cells = new Float64Array(cellsOf(shape))
    for (let group = 0; group < cellOf.length; group++) cells[cellOf[group]!] = figures[group]!
    return cells
  }
  return {
    shape,
    sizes: perCell(groups.records),
    keyOf: (cell) => levelsOf(shape, cell).map((level, key) => levels[key]![level]!),
    async column({ name, moments }) {
      const { counts, sums } = groups.features.find((feature) => feature.name === name)!
      const present = perCell(counts)
      const totals = perCell(sums)
      const momentsOf = (cell: number): Moments => ({
        count: present[cell]!,
        sum: { high: totals[cell]!, low: 0 },
        squares: null,
      })
      const hasMoments = moments !== 'none' && hasNumbersAtMost(records.column(name).type)
      return { name, present, moments: hasMoments ? momentsOf : null, bins: null }
    },
  }
}

/** Whether values have cancelled each other out to something that is not known well enough. */
function isTooLossy({ sums, lost }: GroupedFeature): boolean {
  return sums.some((sum, group) => lost[group]! > MOST_LOST * Math.abs(sum))
}

function cellsOfGroups({ keys, records }: Groups, levels: readonly (readonly KeyValue[])[]): Int32Array {
  const cellOf = new Int32Array(records.length)
  for (const [key, values] of keys.entries()) {
    const places = new Map(levels[key]!.map((level, place) => [level, place]))
    for (let group = 0; group < cellOf.length; group++) cellOf[group] = cellOf[group]! * places.size + places.get(values[group]!)!
  }
  return cellOf
}

async function valueCells(records: SiteRecords, keys: readonly GroupKey[]): Promise<CellTable> {
  const rows = await groupRows(records, keys)
  const { shape, cells, keyOf } = rows
  return {
    shape,
    sizes: Float64Array.from({ length: cells }, (_, cell) => sizeOf(rows, cell)),
    keyOf,
    column: (request) => valueColumn(request, records, rows),
  }
}

async function valueColumn(request: RequestedColumn, records: SiteRecords, rows: GroupedRows): Promise<CellColumn> {
  const { name, anyType } = request
  if (anyType && !hasNumbersAtMost(records.column(name).type)) {
    const labels = await records.labels(name)
    const values = gather(
      rows,
      Float64Array.from(labels, (label) => (label === null ? Number.NaN : 1)),
    )
    return { name, present: presentOf(values, rows), moments: null, bins: null }
  }
  const values = gather(rows, (await records.frame([name])).columns[0]!)
  const part = (cell: number) => values.subarray(rows.starts[cell], rows.starts[cell + 1])
  return {
    name,
    present: presentOf(values, rows),
    moments: request.moments === 'none' ? null : (cell) => momentsSummary.add(momentsSummary.init(), part(cell)),
    bins: request.bins ? (cell, minimumCell) => binsOf(part(cell), { minimumCell }) : null,
  }
}

function presentOf(values: Float64Array, { cells, starts }: GroupedRows): Float64Array {
  const present = new Float64Array(cells)
  for (let cell = 0; cell < cells; cell++)
    for (let place = starts[cell]!; place < starts[cell + 1]!; place++) if (isMeasured(values[place]!)) present[cell]!++
  return present
}
