const TINY = 1e-7

/** The non-negative solutions of equations, and how far linear functions reach over them (Dantzig's simplex, Bland's rule). */
export class Polytope {
  /** Rows of the tableau, the right side last; each row has its basic variable. */
  readonly #rows: number[][]
  readonly #basis: number[]
  readonly #variables: number

  /** @param equations coefficients of the variables; each is equal to its sum, which is not negative */
  constructor(equations: readonly (readonly number[])[], sums: readonly number[]) {
    this.#variables = equations[0]?.length ?? 0
    const artificial = equations.length
    this.#rows = equations.map((row, place) => [...row, ...unit(artificial, place), sums[place]])
    this.#basis = equations.map((_, place) => this.#variables + place)
    optimise(this.#rows, this.#basis, [...new Array(this.#variables).fill(0), ...new Array(artificial).fill(-1)])
    this.#dropArtificial()
  }

  /** The least and the greatest value of a linear function. */
  rangeOf(weights: readonly number[]): { readonly least: number; readonly most: number } {
    return { least: -this.#most(weights.map((weight) => -weight)), most: this.#most(weights) }
  }

  #most(weights: readonly number[]): number {
    const rows = this.#rows.map((row) => [...row])
    const basis = [...this.#basis]
    if (!optimise(rows, basis, weights)) return Number.POSITIVE_INFINITY
    return basis.reduce((sum, variable, place) => sum + weights[variable] * rows[place].at(-1)!, 0)
  }

  /** Artificial variables leave the basis; a row that has no other says nothing new. */
  #dropArtificial(): void {
    for (let place = 0; place < this.#rows.length; place++) {
      if (this.#basis[place] < this.#variables) continue
      const column = this.#rows[place].findIndex((value, index) => index < this.#variables && Math.abs(value) > TINY)
      if (column >= 0) pivot(this.#rows, this.#basis, place, column)
    }
    const kept = [...this.#rows.keys()].filter((place) => this.#basis[place] < this.#variables)
    const rows = kept.map((place) => [...this.#rows[place].slice(0, this.#variables), this.#rows[place].at(-1)!])
    const basis = kept.map((place) => this.#basis[place])
    this.#rows.splice(0, this.#rows.length, ...rows)
    this.#basis.splice(0, this.#basis.length, ...basis)
  }
}

/** Moves to a vertex where the weights sum to the most; false where they have no bound. */
function optimise(rows: number[][], basis: number[], weights: readonly number[]): boolean {
  for (;;) {
    const gain = (column: number) =>
      weights[column] - basis.reduce((sum, variable, place) => sum + weights[variable] * rows[place][column], 0)
    const entering = weights.findIndex((_, column) => !basis.includes(column) && gain(column) > TINY)
    if (entering < 0) return true
    let leaving = -1
    let least = Number.POSITIVE_INFINITY
    for (const [place, row] of rows.entries()) {
      if (row[entering] <= TINY) continue
      const ratio = row.at(-1)! / row[entering]
      if (ratio < least - TINY || (ratio < least + TINY && basis[place] < basis[leaving])) [leaving, least] = [place, ratio]
    }
    if (leaving < 0) return false
    pivot(rows, basis, leaving, entering)
  }
}

function pivot(rows: number[][], basis: number[], place: number, column: number): void {
  const scale = rows[place][column]
  rows[place] = rows[place].map((value) => value / scale)
  for (const [other, row] of rows.entries()) {
    const factor = row[column]
    if (other === place || factor === 0) continue
    rows[other] = row.map((value, index) => value - factor * rows[place][index])
  }
  basis[place] = column
}

function unit(size: number, place: number): number[] {
  return Array.from({ length: size }, (_, index) => Number(index === place))
}
