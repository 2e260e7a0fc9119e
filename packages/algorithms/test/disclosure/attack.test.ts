import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameableGroups, tellableGroups } from '../../src/index.ts'
import { countOf, levelsOf, type Records, rangesOf, type Wanted } from './attack.ts'

const MINIMUM = 5
const small = fc.integer({ min: 0, max: 8 })
const count = fc.oneof({ weight: 3, arbitrary: small }, { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 }) })

/** Tables over keys of so many values; where a key is missing, there are so many records. */
function tableOf(values: readonly number[], missing: fc.Arbitrary<number>): fc.Arbitrary<Records> {
  const shape = values.map((size) => size + 1)
  const size = shape.reduce((product, levels) => product * levels, 1)
  const cells = Array.from({ length: size }, (_, cell) =>
    levelsOf(shape, cell).some((level, key) => level === values[key]) ? missing : count,
  )
  return fc.tuple(...cells).map((counts) => ({ shape, counts }))
}

const someMissing = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: count })
const upTo = (max: number) => fc.integer({ min: 1, max })
const kinds: [string, number, fc.Arbitrary<Records>][] = [
  ['one key', 200, upTo(5).chain((size) => tableOf([size], someMissing))],
  ['two keys', 200, fc.tuple(upTo(3), upTo(3)).chain((sizes) => tableOf(sizes, someMissing))],
]

/** Every number of records with some values of keys, or of those that have a value of one. */
function wantedOf({ shape }: Records): Wanted[] {
  let all: Wanted[] = [[]]
  for (const size of shape) {
    const levels = [undefined, 'present' as const, ...Array.from({ length: size - 1 }, (_, level) => level)]
    all = all.flatMap((wanted) => levels.map((level) => [...wanted, level]))
  }
  const presences = (wanted: Wanted) => wanted.filter((level) => level === 'present').length
  return all.filter((wanted) => wanted.some((level) => level !== undefined) && presences(wanted) <= 1)
}

describe('whoever knows every answer of a site about the groups and missing values of', () => {
  it.each(kinds)('%s can not work out a small number of records that have values, nor that it is small', (_, numRuns, tables) => {
    fc.assert(
      fc.property(tables, (records) => {
        if (records.counts.reduce((sum, own) => sum + own, 0) < 2 * MINIMUM) return
        const wanted = wantedOf(records).filter((one) => countOf(records, one) > 0 && countOf(records, one) < MINIMUM)
        for (const [place, { least, most }] of rangesOf(records, MINIMUM, wanted).entries()) {
          const found = JSON.stringify({ wanted: wanted[place], least, most })
          expect(most - least, found).toBeGreaterThan(0.5)
          expect(most, found).toBeGreaterThan(MINIMUM - 0.001)
        }
      }),
      { numRuns },
    )
  })

  it('one key is told how many records lack it, be they few, but not where that tells a few that have it', () => {
    const named = (counts: number[]) => nameableGroups({ shape: [3], counts, missingLevels: [2] }, 10)
    expect(named([50, 60, 3])).toEqual([true, true, true])
    expect(named([50, 3, 3])).toEqual([false, false, true])
    expect(named([2, 3, 90])).toEqual([false, false, false])
    expect(tellableGroups({ shape: [3], counts: [50, 60, 3], missingLevels: [2] }, 10)).toEqual([false, true, false])
  })

  it('two keys is not told of those that lack one by what would tell of those that have it', () => {
    // Of 40 records of the first level, 37 lack the second key.
    const counts = [1, 2, 37, 30, 30, 30]
    expect(nameableGroups({ shape: [2, 3], counts, missingLevels: [-1, 2] }, 10)).toEqual(new Array(6).fill(false))
  })
})
