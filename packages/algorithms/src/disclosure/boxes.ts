/**
 * The boxes of a table that have a cell as their corner: two levels of each key, the cell's own and another one. Along a box records can
 * be moved between odd and even corners without changing any margin.
 */
export class Boxes {
  readonly #shape: readonly number[]
  readonly #counts: Float64Array
  readonly #hidden: readonly boolean[]
  /** How far the cells of neighbouring levels of a key lie apart. */
  readonly #strides: readonly number[]
  /** Of the box that is looked at: bit k of a corner's index says whether key k has the other level. */
  readonly #corners: Int32Array
  /** Whether the index of a corner has an odd number of bits. */
  readonly #odd: readonly boolean[]

  /** @param hidden looked at whenever a box is asked for */
  constructor(shape: readonly number[], counts: Float64Array, hidden: readonly boolean[]) {
    this.#shape = shape
    this.#counts = counts
    this.#hidden = hidden
    this.#strides = shape.map((_, key) => shape.slice(key + 1).reduce((product, levels) => product * levels, 1))
    this.#corners = new Int32Array(2 ** shape.length)
    this.#odd = Array.from({ length: this.#corners.length }, (_, corner) => isOdd(corner))
  }

  /** The corners of the box that hides the fewest records besides, among those along which at least `room` records can be moved. */
  cheapest(own: readonly number[], room: number): number[] | undefined {
    const boxes = this.#shape.reduce((product, levels) => product * (levels - 1), 1)
    let best: number[] | undefined
    let bestCost = Number.POSITIVE_INFINITY
    for (let box = 0; box < boxes && bestCost > 0; box++) {
      this.#lookAt(own, box)
      const cost = this.#cost(bestCost)
      if (cost < bestCost && this.#room() >= room) [best, bestCost] = [[...this.#corners], cost]
    }
    return best
  }

  /** Sets the corners to those of a box by its number, which counts the other levels of the keys, the last key's fastest. */
  #lookAt(own: readonly number[], box: number): void {
    let rest = box
    this.#corners[0] = 0
    for (let key = own.length - 1; key >= 0; key--) {
      const others = this.#shape[key] - 1
      const other = rest % others
      rest = (rest - other) / others
      this.#corners[0] += own[key] * this.#strides[key]
      this.#corners[1 << key] = ((other < own[key] ? other : other + 1) - own[key]) * this.#strides[key]
    }
    // So far the corners of one bit are steps from the first one.
    for (let key = 0; key < own.length; key++) {
      const step = this.#corners[1 << key]
      for (let corner = 0; corner < 1 << key; corner++) this.#corners[corner + (1 << key)] = this.#corners[corner] + step
    }
  }

  /** Corners that would have to be hidden, and their records; anything from `enough` on is as good as infinite. */
  #cost(enough: number): number {
    let cost = 0
    for (let corner = 0; corner < this.#corners.length && cost < enough; corner++) {
      const cell = this.#corners[corner]
      if (!this.#hidden[cell]) cost += 1 + this.#counts[cell]
    }
    return cost
  }

  /** How far the first corner can move, up and down together, while all corners stay non-negative. */
  #room(): number {
    let up = Number.POSITIVE_INFINITY
    let down = Number.POSITIVE_INFINITY
    for (let corner = 0; corner < this.#corners.length; corner++) {
      const count = this.#counts[this.#corners[corner]]
      if (this.#odd[corner]) up = Math.min(up, count)
      else down = Math.min(down, count)
    }
    return up + down
  }
}

function isOdd(corner: number): boolean {
  let bits = 0
  for (let rest = corner; rest > 0; rest >>= 1) bits += rest & 1
  return bits % 2 === 1
}
