import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GroupTableState, groupTableSummary, type KeyValue } from '../src/index.ts'

const key = fc.tuple(fc.constantFrom<KeyValue>('a', 'b', null), fc.constantFrom<KeyValue>(0, 1, null))
/** A site: the groups that it names, each once, and how many records it has besides. */
const site = fc
  .record({
    named: fc.uniqueArray(fc.record({ key, records: fc.integer({ min: 1, max: 50 }) }), {
      selector: (group) => JSON.stringify(group.key),
      maxLength: 9,
    }),
    unnamed: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ named, unnamed }): GroupTableState => {
    const open = unnamed > 0 ? 1 : 0
    const groups = named.map((group) => ({ ...group, columns: [], namedByOpen: open }))
    return {
      sites: 1,
      records: named.reduce((sum, { records }) => sum + records, unnamed),
      open,
      groups: groupTableSummary.merge(groupTableSummary.init(), { sites: 0, records: 0, open: 0, groups }).groups,
    }
  })

const merged = (sites: readonly GroupTableState[]) => sites.reduce(groupTableSummary.merge, groupTableSummary.init())

describe('tables of groups of 1–20 sites', () => {
  it('merge to the same table in any order and grouping, with every group that any site names (C4)', () => {
    fc.assert(
      fc.property(fc.array(site, { minLength: 1, maxLength: 20 }), fc.nat(), (sites, cut) => {
        const whole = merged(sites)
        const at = cut % sites.length
        expect(merged([...sites].reverse())).toEqual(whole)
        expect(groupTableSummary.merge(merged(sites.slice(0, at)), merged(sites.slice(at)))).toEqual(whole)
        for (const { key: named, records } of whole.groups) {
          const parts = sites.flatMap(({ groups }) =>
            groups.filter((group) => JSON.stringify(group.key) === JSON.stringify(named)),
          )
          expect(records).toBe(parts.reduce((sum, part) => sum + part.records, 0))
        }
        const names = sites.flatMap(({ groups }) => groups.map((group) => JSON.stringify(group.key)))
        expect(whole.groups.map((group) => JSON.stringify(group.key)).sort()).toEqual([...new Set(names)].sort())
      }),
    )
  })
})
