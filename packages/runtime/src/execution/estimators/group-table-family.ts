import {
  type ColumnState,
  type GroupState,
  type GroupTableState,
  groupTableCodec,
  groupTableSummary,
  momentsSummary,
  nameableGroups,
  tellableGroups,
} from '@flotta/algorithms'
import { z } from 'zod'
import { groupTableRequest } from '../../plan/group-table-request.ts'
import { groupTableDomain } from '../../plan/secure-sum-domain.ts'
import type { ReleasePolicy } from '../../ports/task-executor.ts'
import { type CellColumn, type CellTable, cellTable } from './cell-table.ts'
import type { Family } from './family.ts'
import { missingLevelsOf } from './group-rows.ts'
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
    const request = groupTableRequest(estimator)
    const table = await cellTable(records, request)
    const { shape, sizes, keyOf } = table
    // The selection as a whole has met the site's minimum of records before.
    const named =
      shape.length === 0
        ? [true]
        : nameableGroups({ shape, counts: sizes, missingLevels: missingLevelsOf(table) }, policy.minimumCell)
    const states: ColumnState[][] = []
    for (const column of request.columns) states.push(columnStates(await table.column(column), table, named, policy))
    const unnamed = named.some((told, cell) => !told && sizes[cell]! > 0)
    const groups = named.flatMap((told, cell): GroupState[] =>
      told
        ? [
            {
              key: keyOf(cell),
              records: sizes[cell]!,
              columns: states.map((ofCells) => ofCells[cell]!),
              namedByOpen: unnamed ? 1 : 0,
            },
          ]
        : [],
    )
    return { sites: 1, records: sizes.reduce((sum, size) => sum + size, 0), open: unnamed ? 1 : 0, groups }
  },
  merge: groupTableSummary.merge,
  value: groupTableValue,
  additive: (estimator, levels) => groupTableCodec(groupTableDomain(estimator, levels)),
}

/** One feature in each cell; where it rests on too few values, or would let others be worked out, it is withheld. */
function columnStates(
  { name, present, moments, bins }: CellColumn,
  table: CellTable,
  named: readonly boolean[],
  { minimumCell }: ReleasePolicy,
): ColumnState[] {
  const { shape, sizes } = table
  const values = { shape, counts: present, missingLevels: missingLevelsOf(table), candidate: (cell: number) => named[cell]! }
  // Where no record has a value, the figures are those of nothing.
  const told = present.every((count) => count === 0) ? named : tellableGroups(values, minimumCell)
  return Array.from(present, (count, cell) =>
    told[cell]
      ? {
          name,
          withheld: 0,
          missing: sizes[cell]! - count,
          present: count,
          moments: moments === null ? null : moments(cell),
          bins: bins === null ? null : bins(cell, minimumCell),
        }
      : { name, withheld: 1, missing: 0, present: 0, moments: moments && momentsSummary.init(), bins: bins && [] },
  )
}
