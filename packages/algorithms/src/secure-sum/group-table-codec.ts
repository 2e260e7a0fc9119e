import { type ColumnState, compareKeys, type GroupState, type GroupTableState, type KeyValue } from '../summaries/group-table.ts'
import { momentsSummary } from '../summaries/moments.ts'
import type { AdditiveCodec } from './additive-codec.ts'
import { countOf, decodeMoments, encodeMoments, type MomentsPart, momentsFields } from './moments-fields.ts'
import type { RingField } from './ring-field.ts'

/** What a table of groups may hold: the values that each key can take, agreed before, and the features looked at. */
export interface GroupTableDomain {
  readonly levels: readonly (readonly KeyValue[])[]
  readonly columns: readonly { readonly name: string; readonly moments: MomentsPart }[]
}

const TABLE_FIELDS = 3
const GROUP_FIELDS = 2
const COLUMN_FIELDS = 3

/**
 * A table with a place for every combination of levels, whether a site has records of it or not.
 *
 * Groups that a site names and that are not in the domain become records in groups that it does not name; every group of the domain
 * then counts as named, which says of it what the site knows.
 */
export function groupTableCodec({ levels, columns }: GroupTableDomain): AdditiveCodec<GroupTableState> {
  const keys = combinations(levels)
  const known = new Set(keys.map((key) => JSON.stringify(key)))
  const columnSizes = columns.map(({ moments }) => COLUMN_FIELDS + momentsFields[moments].length)
  const groupSize = GROUP_FIELDS + columnSizes.reduce((sum, size) => sum + size, 0)
  const groupFields = [...counts(GROUP_FIELDS), ...columns.flatMap(({ moments }) => columnFields(moments))]
  const decodeGroup = (key: readonly KeyValue[], integers: readonly bigint[]): GroupState => {
    let start = GROUP_FIELDS
    const states = columns.map(({ name, moments }, place): ColumnState => {
      const end = start + columnSizes[place]
      const own = integers.slice(start, end)
      start = end
      return decodeColumn(name, moments, own)
    })
    return { key, namedByOpen: countOf(integers[0]), records: countOf(integers[1]), columns: states }
  }
  return {
    fields: [...counts(TABLE_FIELDS), ...keys.flatMap(() => groupFields)],
    encode({ sites, records, open, groups }) {
      const byKey = new Map(groups.map((group) => [JSON.stringify(group.key), group]))
      const hasOthers = open === 0 && groups.some(({ key }) => !known.has(JSON.stringify(key)))
      const table = [sites, records, hasOthers ? 1 : open].map(BigInt)
      const cells = keys.flatMap((key) => {
        const group = byKey.get(JSON.stringify(key))
        const named = hasOthers ? 1 : (group?.namedByOpen ?? 0)
        return [BigInt(named), BigInt(group?.records ?? 0), ...columns.flatMap((column) => encodeColumn(column, group))]
      })
      return [...table, ...cells]
    },
    decode(integers) {
      const [sites, records, open] = integers.slice(0, TABLE_FIELDS).map(countOf)
      const groups = keys.map((key, cell) => {
        const start = TABLE_FIELDS + cell * groupSize
        return decodeGroup(key, integers.slice(start, start + groupSize))
      })
      // A group is told of only where it has records, here as when summaries are merged.
      const told = groups.filter((group) => levels.length === 0 || group.records > 0)
      return { sites, records, open, groups: told.sort((a, b) => compareKeys(a.key, b.key)) }
    },
  }
}

function columnFields(moments: MomentsPart): RingField[] {
  return [...counts(COLUMN_FIELDS), ...momentsFields[moments]]
}

function counts(fields: number): RingField[] {
  return new Array<RingField>(fields).fill('count')
}

function encodeColumn({ name, moments }: GroupTableDomain['columns'][number], group: GroupState | undefined): bigint[] {
  const column = group?.columns.find((candidate) => candidate.name === name)
  const own = [column?.withheld ?? 0, column?.missing ?? 0, column?.present ?? 0].map(BigInt)
  return [...own, ...encodeMoments(column?.moments ?? momentsSummary.init(), moments)]
}

function decodeColumn(name: string, moments: MomentsPart, integers: readonly bigint[]): ColumnState {
  const [withheld, missing, present] = integers.slice(0, COLUMN_FIELDS).map(countOf)
  const decoded = moments === 'none' ? null : decodeMoments(integers.slice(COLUMN_FIELDS), moments)
  return { name, withheld, missing, present, moments: decoded, bins: null }
}

/** Every combination of a level of each key; of no keys the empty one. */
function combinations(levels: readonly (readonly KeyValue[])[]): KeyValue[][] {
  return levels.reduce<KeyValue[][]>((keys, own) => keys.flatMap((key) => own.map((level) => [...key, level])), [[]])
}
