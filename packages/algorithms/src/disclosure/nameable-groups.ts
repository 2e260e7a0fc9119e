import { type CountTable, publishableCells } from './publishable-cells.ts'

/** A table of counts over the levels of keys, of which one may be that the key is missing. */
export interface GroupCounts extends CountTable {
  /** The level of each key that says it is missing; -1 where it never is. */
  readonly missingLevels: readonly number[]
}

/**
 * Groups that may be named with their numbers of records. Of one key the group without it is named whatever its size, as numbers of
 * missing values are, unless it would tell a small number of those that have it.
 */
export function nameableGroups(groups: GroupCounts, minimum: number): boolean[] {
  return protectedGroups(groups, minimum, 1)
}

/**
 * Groups of which a feature may be told, by how many values it has in each: those without a key among them like all others, for
 * a total of the feature less what is told is a figure of what is left.
 */
export function tellableGroups(values: GroupCounts, minimum: number): boolean[] {
  const told = protectedGroups(values, minimum, minimum)
  return publishableCells({ ...values, candidate: (cell) => told[cell] }, minimum)
}

/**
 * Groups are protected in parts, by which keys are missing, each as if all numbers of other parts were known: how many records lack
 * a key is told by group elsewhere ("missing"), so that they can't hide others. And a group in which keys are missing is told only
 * if, added to others like it and taken from a group over fewer keys, it tells no small number of records that have them.
 */
function protectedGroups(groups: GroupCounts, minimum: number, leastWithout: number): boolean[] {
  const { shape, counts, candidate = () => true } = groups
  const told = new Array<boolean>(counts.length).fill(false)
  const complements = new Complements(groups, minimum)
  const withheld = withheldByOneKey(groups, minimum, leastWithout)
  for (const missing of choicesOf(everyKey(shape))) {
    if (missing.some((key) => groups.missingLevels[key] < 0)) continue
    const part = partOf(groups, missing)
    const isTellable = (place: number) => candidate(part.cells[place]) && complements.allow(part.cells[place], missing)
    const least = shape.length === 1 && part.shape.length === 0 ? leastWithout : minimum
    const own = {
      shape: part.shape,
      counts: part.cells.map((cell) => counts[cell]),
      candidate: isTellable,
      withheld: (place: number, level: number) => withheld(part.keys[place], part.levels[place][level]),
    }
    for (const [place, isTold] of publishableCells(own, least).entries()) told[part.cells[place]] = isTold
  }
  return told
}

/** The cells in which these keys are missing and no others, as a table over the others. */
function partOf({ shape, missingLevels }: GroupCounts, missing: readonly number[]) {
  const levels = shape.map((size, key) =>
    missing.includes(key) ? [missingLevels[key]] : upTo(size).filter((level) => level !== missingLevels[key]),
  )
  const cells = levels.reduce<number[]>(
    (places, own, key) => places.flatMap((at) => own.map((level) => at * shape[key] + level)),
    [0],
  )
  const keys = everyKey(shape).filter((key) => !missing.includes(key))
  const kept = keys.map((key) => levels[key])
  return { shape: kept.map(({ length }) => length), cells, keys, levels: kept }
}

/** A level that the table over its key alone does not tell is not told in a larger one: what hides it there has to be the same. */
function withheldByOneKey({ shape, counts, missingLevels }: GroupCounts, minimum: number, leastWithout: number) {
  if (shape.length < 2) return () => false
  const told = shape.map((size, key) => {
    const margin = new Array<number>(size).fill(0)
    for (let cell = 0; cell < counts.length; cell++) margin[levelAt(shape, cell, key)] += counts[cell]
    return protectedGroups({ shape: [size], counts: margin, missingLevels: [missingLevels[key]] }, minimum, leastWithout)
  })
  return (key: number, level: number) => !told[key][level]
}

type Having = 'any' | 'all'

/** How many records of a group over some keys have any or all of some other keys, and whether that may be told. */
class Complements {
  readonly #groups: GroupCounts
  readonly #minimum: number
  readonly #known = new Map<string, { readonly counts: readonly number[]; readonly told: readonly boolean[] }>()

  constructor(groups: GroupCounts, minimum: number) {
    this.#groups = groups
    this.#minimum = minimum
  }

  /** Whether a cell in which these keys are missing gives nothing away, however it is added up with others. */
  allow(cell: number, missing: readonly number[]): boolean {
    if (missing.length === 0) return true
    const present = everyKey(this.#groups.shape).filter((key) => !missing.includes(key))
    const asked = choicesOf(missing).filter(({ length }) => length > 0)
    return choicesOf(present).every((keys) =>
      asked.every((lacking) => this.#allows('any', cell, lacking, keys) && this.#allows('all', cell, lacking, keys)),
    )
  }

  #allows(having: Having, cell: number, lacking: readonly number[], keys: readonly number[]): boolean {
    const { counts, told } = this.#of(having, lacking, keys)
    const place = this.#placeOf(cell, keys)
    return counts[place] === 0 || told[place]
  }

  #of(having: Having, lacking: readonly number[], keys: readonly number[]) {
    const id = `${having} ${lacking.join()} ${keys.join()}`
    const known = this.#known.get(id)
    if (known) return known
    const { shape, counts: all } = this.#groups
    const own = keys.map((key) => shape[key])
    const counts = new Array<number>(own.reduce((product, levels) => product * levels, 1)).fill(0)
    for (let cell = 0; cell < all.length; cell++) {
      const has = (key: number) => levelAt(shape, cell, key) !== this.#groups.missingLevels[key]
      const hasAsked = having === 'any' ? lacking.some(has) : lacking.every(has)
      if (hasAsked && keys.every(has)) counts[this.#placeOf(cell, keys)] += all[cell]
    }
    const made = { counts, told: publishableCells({ shape: own, counts }, this.#minimum) }
    this.#known.set(id, made)
    return made
  }

  #placeOf(cell: number, keys: readonly number[]): number {
    const { shape } = this.#groups
    return keys.reduce((place, key) => place * shape[key] + levelAt(shape, cell, key), 0)
  }
}

function levelAt(shape: readonly number[], cell: number, key: number): number {
  const stride = shape.slice(key + 1).reduce((product, levels) => product * levels, 1)
  return Math.floor(cell / stride) % shape[key]
}

/** Every choice among keys, none and all of them included. */
function choicesOf(keys: readonly number[]): number[][] {
  return keys.reduce<number[][]>((choices, key) => choices.flatMap((choice) => [choice, [...choice, key]]), [[]])
}

function everyKey(shape: readonly number[]): number[] {
  return upTo(shape.length)
}

function upTo(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index)
}
