import { compareLabels, type Label } from '../labels/label.ts'
import { type Moments, momentsSummary } from './moments.ts'
import { type QuantileBins, quantileBinsSummary } from './quantile-bins.ts'

/** A value that a key takes; null where it is missing. */
export type KeyValue = Label | null

/** What is known of one feature within a group. */
export interface ColumnState {
  readonly name: string
  /** Sites that withheld it, because it rests on too few values there. Their records are not in the other figures. */
  readonly withheld: number
  readonly missing: number
  /** Values that are there. */
  readonly present: number
  /** Of numbers only. */
  readonly moments: Moments | null
  readonly bins: QuantileBins | null
}

export interface GroupState {
  readonly key: readonly KeyValue[]
  readonly records: number
  readonly columns: readonly ColumnState[]
  /** Of the sites with unnamed records, how many named this group. */
  readonly namedByOpen: number
}

/**
 * Records by group. A site names only groups that it may tell of, and says how many records it has beside them; a group that it does
 * not name is empty there if there are none, and not known if there are.
 */
export interface GroupTableState {
  readonly sites: number
  readonly records: number
  /** Sites that have records in groups they do not name. */
  readonly open: number
  /** Sorted by key, each key once. */
  readonly groups: readonly GroupState[]
}

/** Tables of sites put together, groups that only some have included (C4). */
export const groupTableSummary = {
  init: (): GroupTableState => ({ sites: 0, records: 0, open: 0, groups: [] }),
  merge: mergeTables,
} as const

/** How many sites withheld a group. */
export function withheldAt(table: GroupTableState, group: GroupState): number {
  return table.open - group.namedByOpen
}

export function mergeColumns(a: ColumnState, b: ColumnState): ColumnState {
  return {
    name: a.name,
    withheld: a.withheld + b.withheld,
    missing: a.missing + b.missing,
    present: a.present + b.present,
    moments: a.moments && b.moments ? momentsSummary.merge(a.moments, b.moments) : null,
    bins: a.bins && b.bins ? quantileBinsSummary.merge(a.bins, b.bins) : null,
  }
}

/** Order of keys: value by value, what is missing last. */
export function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareKeyValues(a[index], b[index])
    if (order !== 0) return order
  }
  return 0
}

function compareKeyValues(a: KeyValue, b: KeyValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return compareLabels(a, b)
}

function mergeTables(a: GroupTableState, b: GroupTableState): GroupTableState {
  return mergeByKey(a, b, mergeGroups)
}

interface Keyed<Group> {
  readonly sites: number
  readonly records: number
  readonly open: number
  readonly groups: readonly Group[]
}

/** Groups of sites by key, whatever is known of a group; what only one side has stays as it is. */
export function mergeByKey<Group extends { readonly key: readonly KeyValue[] }>(
  a: Keyed<Group>,
  b: Keyed<Group>,
  mergeGroup: (a: Group, b: Group) => Group,
): Keyed<Group> {
  const groups = new Map(a.groups.map((group) => [JSON.stringify(group.key), group]))
  for (const group of b.groups) {
    const id = JSON.stringify(group.key)
    const other = groups.get(id)
    groups.set(id, other ? mergeGroup(other, group) : group)
  }
  return {
    sites: a.sites + b.sites,
    records: a.records + b.records,
    open: a.open + b.open,
    groups: [...groups.values()].sort((left, right) => compareKeys(left.key, right.key)),
  }
}

/** @throws {RangeError} when the columns differ */
function mergeGroups(a: GroupState, b: GroupState): GroupState {
  const others = new Map(b.columns.map((column) => [column.name, column]))
  const columns = a.columns.map((column) => {
    const other = others.get(column.name)
    if (other === undefined || others.size !== a.columns.length)
      throw new RangeError('groups with different columns cannot be merged')
    return mergeColumns(column, other)
  })
  return { key: a.key, records: a.records + b.records, columns, namedByOpen: a.namedByOpen + b.namedByOpen }
}
