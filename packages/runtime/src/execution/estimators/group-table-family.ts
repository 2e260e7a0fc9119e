import {
  binsOf,
  type ColumnState,
  type GroupState,
  type GroupTableState,
  groupTableSummary,
  isMeasured,
  momentsSummary,
  publishableCells,
} from '@flotta/algorithms'
import { isNumericType } from '@flotta/contract'
import { z } from 'zod'
import type { SiteRecords } from '../../data/site-records.ts'
import type { ReleasePolicy } from '../../ports/task-executor.ts'
import type { Family } from './family.ts'
import { type GroupedRows, gather, groupRows, sizeOf } from './group-rows.ts'
import { groupTableRequest, type RequestedColumn } from './group-table-request.ts'
import { groupTableValue } from './group-table-value.ts'
import { binsSchema, countSchema, keySchema, momentsSchema } from './state-schemas.ts'

const columnSchema = z.strictObject({
  name: z.string(),
  withheld: countSchema,
  missing: countSchema,
  present: countSchema,
  moments: momentsSchema.nullable(),
  bins: binsSchema.nullable(),
})

const groupSchema = z.strictObject({
  key: keySchema,
  records: countSchema,
  columns: z.array(columnSchema),
  namedByOpen: countSchema,
})

/** Estimators that follow from records by group: without keys, of all records as one group. */
export const groupTableFamily: Family<GroupTableState> = {
  state: z.strictObject({ sites: countSchema, records: countSchema, open: countSchema, groups: z.array(groupSchema) }),
  async summarise(estimator, records, policy) {
    const { keys, columns } = groupTableRequest(estimator)
    const rows = await groupRows(records, keys)
    const sizes = Int32Array.from({ length: rows.cells }, (_, cell) => sizeOf(rows, cell))
    // The selection as a whole has met the site's minimum of records before.
    const named = keys.length === 0 ? [true] : nameableGroups(rows, sizes, policy)
    const states = await Promise.all(columns.map((column) => columnStates(column, records, rows, named, policy)))
    const unnamed = named.some((told, cell) => !told && sizes[cell]! > 0)
    const groups = named.flatMap((told, cell): GroupState[] =>
      told
        ? [
            {
              key: rows.keyOf(cell),
              records: sizes[cell]!,
              columns: states.map((ofCells) => ofCells[cell]!),
              namedByOpen: unnamed ? 1 : 0,
            },
          ]
        : [],
    )
    return { sites: 1, records: rows.order.length, open: unnamed ? 1 : 0, groups }
  },
  merge: groupTableSummary.merge,
  value: groupTableValue,
}

/**
 * Groups that may be named. Of one key, the group without a value is named whatever its size, as numbers of missing values are;
 * its features are held to the minimum like all others.
 */
function nameableGroups(rows: GroupedRows, sizes: Int32Array, { minimumCell }: ReleasePolicy): boolean[] {
  const missing = rows.shape.length === 1 ? sizes.findIndex((_, cell) => rows.keyOf(cell)[0] === null) : -1
  if (missing < 0) return publishableCells({ shape: rows.shape, counts: sizes }, minimumCell)
  const others = sizes.filter((_, cell) => cell !== missing)
  const named = publishableCells({ shape: [others.length], counts: others }, minimumCell)
  return named.toSpliced(missing, 0, true)
}

/** One feature in each cell; where it rests on too few values, or would let others be worked out, it is withheld. */
async function columnStates(
  request: RequestedColumn,
  records: SiteRecords,
  rows: GroupedRows,
  named: readonly boolean[],
  { minimumCell }: ReleasePolicy,
): Promise<ColumnState[]> {
  const { values, moments, bins } = await columnValues(request, records)
  const gathered = gather(rows, values)
  const parts = Array.from({ length: rows.cells }, (_, cell) => gathered.subarray(rows.starts[cell], rows.starts[cell + 1]))
  const present = parts.map(countMeasured)
  const told = publishableCells({ shape: rows.shape, counts: present, candidate: (cell) => named[cell]! }, minimumCell)
  return parts.map((part, cell) => ({
    name: request.name,
    withheld: told[cell] ? 0 : 1,
    missing: told[cell] ? part.length - present[cell]! : 0,
    present: told[cell] ? present[cell]! : 0,
    moments: moments ? momentsSummary.add(momentsSummary.init(), told[cell] ? part : part.subarray(0, 0)) : null,
    bins: bins ? (told[cell] ? binsOf(part, { minimumCell }) : []) : null,
  }))
}

/** Numbers as they are; of a text only whether it is there (1) or missing, which has no moments. */
async function columnValues({ name, moments, bins, anyType }: RequestedColumn, records: SiteRecords) {
  const type = records.columns.find((column) => column.name === name)?.type
  if (!anyType || type === undefined || isNumericType(type)) {
    const { columns } = await records.frame([name])
    return { values: columns[0]!, moments, bins }
  }
  const labels = await records.labels(name)
  const values = Float64Array.from(labels, (label) => (label === null ? Number.NaN : 1))
  return { values, moments: false, bins: false }
}

function countMeasured(values: Float64Array): number {
  let count = 0
  for (const value of values) if (isMeasured(value)) count++
  return count
}
