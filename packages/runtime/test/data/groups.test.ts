import { momentsSummary } from '@flotta/algorithms'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Groups } from '../../src/data/groups.ts'
import { SiteRecords } from '../../src/data/site-records.ts'
import { TableCache } from '../../src/data/table-cache.ts'
import { Folder } from './sources/folder.ts'

interface Person {
  readonly ward: string | null
  readonly sex: number | null
  readonly weight: number | null
}

const person = fc.record({
  ward: fc.option(fc.constantFrom('north', 'south', "o'hara", 'é')),
  sex: fc.option(fc.constantFrom(0, 1)),
  weight: fc.option(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(1e15, 1e-300, 1e140))),
})
const table = fc.array(person, { minLength: 1, maxLength: 40 })

describe('the groups of a site', () => {
  it('equal those of its tables laid on top of each other, missing keys included (law 2, C6)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 3 }), async (tables) => {
        using folder = new Folder()
        const groups = await groupsOf(tables, folder)
        const expected = pooled(tables.flat())
        expect(groups.size).toBe(expected.size)
        for (const [key, people] of expected) {
          const weights = people.flatMap(({ weight }) => (weight === null || Math.abs(weight) > 1e292 ? [] : [weight]))
          const group = groups.get(key)!
          expect(group.records).toBe(people.length)
          expect(group.count).toBe(weights.length)
          const scale = weights.reduce((sum, value) => sum + Math.abs(value), 0)
          expect(Math.abs(group.sum - exactSum(weights))).toBeLessThanOrEqual(1e-9 * scale)
        }
      }),
      { numRuns: 10, endOnFailure: true },
    )
  }, 120_000)

  it('without keys are one', async () => {
    using folder = new Folder()
    const records = await recordsOf(
      [
        [
          { ward: 'a', sex: 1, weight: 2 },
          { ward: null, sex: 0, weight: 4 },
        ],
      ],
      folder,
    )
    const { records: counts, features } = await records.groups([], ['weight', 'ward'])
    expect([...counts]).toEqual([2])
    expect(features.map(({ counts: present, sums }) => [present[0], sums[0]])).toEqual([
      [2, 6],
      [1, 0],
    ])
  })

  it('are of features that are there, and bins of numbers', async () => {
    using folder = new Folder()
    const records = await recordsOf([[{ ward: 'a', sex: 1, weight: 2 }]], folder)
    await expect(records.groups([{ feature: 'ward', edges: [0, 1] }], [])).rejects.toMatchObject({ code: 'unsuitable_feature' })
    await expect(records.groups([{ feature: 'wards' }], [])).rejects.toThrow(/did you mean "ward"/)
  })
})

async function recordsOf(tables: readonly (readonly Person[])[], folder: Folder): Promise<SiteRecords> {
  const sources = tables.map((people, index) => {
    const lines = people.map(({ ward, sex, weight }) => [ward, sex, weight].map((cell) => cell ?? '').join(','))
    const path = folder.write(`${index}.csv`, `ward,sex,weight\n${lines.join('\n')}\n`)
    const declared = { unit: undefined, categories: [] }
    const features = [
      { feature: 'ward', type: 'string', ...declared },
      { feature: 'sex', type: 'integer', ...declared },
      { feature: 'weight', type: 'float', ...declared },
    ] as const
    return { kind: 'file', name: String(index), path, format: 'csv', features } as const
  })
  return SiteRecords.select(sources, { kind: 'Query', stages: [] }, new TableCache())
}

async function groupsOf(tables: readonly (readonly Person[])[], folder: Folder) {
  const groups: Groups = await (await recordsOf(tables, folder)).groups([{ feature: 'ward' }, { feature: 'sex' }], ['weight'])
  const [wards, sexes] = groups.keys
  const [weight] = groups.features
  return new Map(
    Array.from(groups.records, (records, row) => [
      keyOf({ ward: wards![row] as string | null, sex: sexes![row] as number | null }),
      { records, count: weight!.counts[row]!, sum: weight!.sums[row]! },
    ]),
  )
}

function pooled(people: readonly Person[]): Map<string, Person[]> {
  const groups = new Map<string, Person[]>()
  for (const one of people) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  return groups
}

function keyOf({ ward, sex }: Pick<Person, 'ward' | 'sex'>): string {
  return JSON.stringify([ward, sex])
}

function exactSum(values: readonly number[]): number {
  return momentsSummary.value(momentsSummary.add(momentsSummary.init(), Float64Array.from(values))).sum
}
