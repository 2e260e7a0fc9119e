import { nameableGroups, tellableGroups } from '../../src/index.ts'
import { Polytope } from './polytope.ts'

/** Records by the levels of keys; the last level of a key is that it is missing. */
export interface Records {
  readonly shape: readonly number[]
  readonly counts: readonly number[]
}

/** A number of records that was told: of the cells of the table that these are. */
interface Told {
  readonly cells: readonly boolean[]
  readonly count: number
}

/** A number of records that one could wish to know: those whose keys have these levels; undefined is any, 'present' any but missing. */
export type Wanted = readonly (number | 'present' | undefined)[]

export function levelsOf(shape: readonly number[], cell: number): number[] {
  return shape.map((size, key) => Math.floor(cell / shape.slice(key + 1).reduce((product, levels) => product * levels, 1)) % size)
}

export function cellsOf({ shape, counts }: Records, wanted: Wanted): boolean[] {
  return counts.map((_, cell) =>
    levelsOf(shape, cell).every((level, key) => {
      const asked = wanted[key]
      return asked === undefined || (asked === 'present' ? level < shape[key] - 1 : level === asked)
    }),
  )
}

export function countOf(records: Records, wanted: Wanted): number {
  const within = cellsOf(records, wanted)
  return records.counts.reduce((sum, count, cell) => sum + (within[cell] ? count : 0), 0)
}

/** All that a site tells when it is asked for groups by every choice of keys, and for the missing values of every other one in each. */
function answersOf(records: Records, minimum: number): Told[] {
  const { shape } = records
  const told: Told[] = []
  const tell = (wanted: Wanted) => told.push({ cells: cellsOf(records, wanted), count: countOf(records, wanted) })
  tell(shape.map(() => undefined))
  for (let subset = 0; subset < 2 ** shape.length; subset++) {
    const keys = [...shape.keys()].filter((key) => (subset >> key) & 1)
    const groups = groupsOf(records, keys)
    const named = keys.length === 0 ? [true] : nameableGroups(groups, minimum)
    const wantedOf = (group: number): Wanted => {
      const levels = groups.levelsAt(group)
      return shape.map((_, key) => (keys.includes(key) ? levels[keys.indexOf(key)] : undefined))
    }
    for (const [group, isNamed] of named.entries()) if (isNamed) tell(wantedOf(group))
    for (const other of [...shape.keys()].filter((key) => !keys.includes(key))) {
      const presentIn = (group: number) => wantedOf(group).map((level, key) => (key === other ? 'present' : level)) as Wanted
      const present = named.map((_, group) => countOf(records, presentIn(group)))
      const columns = tellableGroups({ ...groups, counts: present, candidate: (group) => named[group] }, minimum)
      for (const [group, isTold] of columns.entries()) if (isTold) tell(presentIn(group))
    }
  }
  return told
}

/** The table over some keys, with the levels alone that occur, as a site makes it. */
function groupsOf(records: Records, keys: readonly number[]) {
  const occurring = keys.map((key) =>
    Array.from({ length: records.shape[key] }, (_, level) => level).filter(
      (level) =>
        countOf(
          records,
          records.shape.map((_, other) => (other === key ? level : undefined)),
        ) > 0,
    ),
  )
  const shape = occurring.map(({ length }) => length)
  const size = shape.reduce((product, levels) => product * levels, 1)
  const levelsAt = (group: number) => levelsOf(shape, group).map((place, key) => occurring[key][place])
  const counts = Array.from({ length: size }, (_, group) => {
    const levels = levelsAt(group)
    return countOf(
      records,
      records.shape.map((_, key) => (keys.includes(key) ? levels[keys.indexOf(key)] : undefined)),
    )
  })
  const missingLevels = occurring.map((levels, place) => levels.indexOf(records.shape[keys[place]] - 1))
  return { shape, counts, missingLevels, levelsAt }
}

/** How far each number could be from what it is, for somebody who knows every answer and that no number is negative. */
export function rangesOf(records: Records, minimum: number, all: readonly Wanted[]): { least: number; most: number }[] {
  const told = answersOf(records, minimum)
  const polytope = new Polytope(
    told.map(({ cells }) => cells.map(Number)),
    told.map(({ count }) => count),
  )
  return all.map((wanted) => polytope.rangeOf(cellsOf(records, wanted).map(Number)))
}
