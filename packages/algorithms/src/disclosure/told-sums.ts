import type { MissingPatterns } from './missing-patterns.ts'
import { inverseOf, residueOf, subtractProduct } from './prime-field.ts'

/**
 * Sums of one feature that may be told together, each over the records that have some other feature too: whatever multiples of them are
 * added up, what comes out is a figure of at least `minimum` records, or of none.
 *
 * What keeps it so are as many disjoint choices of records as that minimum. On the records of each choice the sums are linearly independent,
 * so that no combination of them leaves all of these out: it has a record of each choice at least. (Disjoint bases of a matroid, Edmonds 1965.)
 * Nor can one record stand out: of each choice there is one that has at least half the weight of any record where two sums are told, a sixth
 * where three are, a twelfth where four are (by Cramer's rule, 1/dD of d sums, with D the greatest determinant of zeros and ones).
 * The choices are made as sums come, and never anew: that one is refused does not prove that it would have given something away.
 *
 * It is reckoned modulo a prime. Independent sums are taken for dependent where it divides a determinant: not with up to 19 of them, whose
 * determinants of zeros and ones are smaller (Hadamard 1893), and by chance with one in millions beyond.
 */
export class ToldSums {
  readonly #patterns: MissingPatterns
  /** Patterns that have the feature, those of most records first. */
  readonly #order: readonly number[]
  #state: State

  constructor(patterns: MissingPatterns, feature: number, minimum: number) {
    const { sizes, presence, columns } = patterns
    this.#patterns = patterns
    this.#order = [...sizes.keys()]
      .filter((pattern) => presence[pattern * columns + feature] === 1)
      .sort((a, b) => sizes[b] - sizes[a])
    // What is of one record or of none is of enough where one is enough.
    const choices = minimum > 1 ? [{ times: minimum, steps: [] }] : []
    this.#state = { others: [], spare: sizes, choices }
  }

  /**
   * How the sum over the records that have another feature could be told beside those that are; undefined where it is refused. Nothing
   * counts as told before the answer is called.
   */
  admit(other: number): (() => void) | undefined {
    const others = [...this.#state.others, other]
    const spare = this.#state.spare.slice()
    const choices: Choice[] = []
    for (const choice of this.#state.choices) {
      const residue = new Residue(this.#patterns, others, choice)
      if (this.#order.every((pattern) => residue.at(pattern) === 0)) return () => undefined
      const extended = this.#extend(choice, residue, spare)
      if (extended === undefined) return undefined
      choices.push(...extended)
    }
    return () => {
      this.#state = { others, spare, choices }
    }
  }

  /** Gives each of equal choices a record more, on which the residue is not zero; undefined where there are not as many. */
  #extend(choice: Choice, residue: Residue, spare: Float64Array): Choice[] | undefined {
    const enough = this.#order.find((pattern) => spare[pattern] >= choice.times && residue.at(pattern) !== 0)
    const extended: Choice[] = []
    let open = choice.times
    for (const pattern of enough === undefined ? this.#order : [enough]) {
      const times = Math.min(open, spare[pattern])
      if (times === 0 || residue.at(pattern) === 0) continue
      spare[pattern] -= times
      open -= times
      extended.push({ times, steps: [...choice.steps, residue.stepAt(pattern)] })
    }
    return open === 0 ? extended : undefined
  }
}

interface State {
  readonly others: readonly number[]
  /** Records of each pattern that are in no choice. */
  readonly spare: Float64Array
  readonly choices: readonly Choice[]
}

/** Equal choices of records: of the same patterns, but not the same records. */
interface Choice {
  readonly times: number
  /** One for each sum. */
  readonly steps: readonly Step[]
}

/** A record of a choice, and the combination of sums in which it is once, and those before it are not. */
interface Step {
  readonly pattern: number
  readonly weights: Float64Array
}

/** How often the records of each pattern are in the last of some sums, less the combination of the others that has the records of a choice as often. */
class Residue {
  readonly #patterns: MissingPatterns
  readonly #others: readonly number[]
  readonly #weights: Float64Array

  constructor(patterns: MissingPatterns, others: readonly number[], { steps }: Choice) {
    this.#patterns = patterns
    this.#others = others
    this.#weights = new Float64Array(others.length)
    this.#weights[others.length - 1] = 1
    for (const { pattern, weights } of steps) {
      const own = this.at(pattern)
      if (own === 0) continue
      for (let place = 0; place < weights.length; place++)
        this.#weights[place] = subtractProduct(this.#weights[place], own, weights[place])
    }
  }

  at(pattern: number): number {
    const { presence, columns } = this.#patterns
    let sum = 0
    for (let place = 0; place < this.#others.length; place++)
      sum += presence[pattern * columns + this.#others[place]] * this.#weights[place]
    return residueOf(sum)
  }

  stepAt(pattern: number): Step {
    const scale = inverseOf(this.at(pattern))
    return { pattern, weights: this.#weights.map((weight) => residueOf(weight * scale)) }
  }
}
