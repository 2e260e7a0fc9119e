/** A rational number that never rounds: the truth for what is computed in doubles. */
export class Fraction {
  readonly #over: bigint
  readonly #under: bigint

  private constructor(over: bigint, under: bigint) {
    this.#over = under < 0n ? -over : over
    this.#under = under < 0n ? -under : under
  }

  /** Exactly this double; none finer than 2⁻²⁰⁰. */
  static of(value: number): Fraction {
    return new Fraction(BigInt(value * 2 ** 200), 2n ** 200n)
  }

  static sum(terms: readonly Fraction[]): Fraction {
    return terms.reduce((sum, term) => sum.plus(term), Fraction.of(0))
  }

  plus(other: Fraction): Fraction {
    return this.#under === other.#under
      ? new Fraction(this.#over + other.#over, this.#under)
      : new Fraction(this.#over * other.#under + other.#over * this.#under, this.#under * other.#under)
  }

  minus(other: Fraction): Fraction {
    return this.plus(other.times(Fraction.of(-1)))
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.#over * other.#over, this.#under * other.#under)
  }

  over(other: Fraction): Fraction {
    return new Fraction(this.#over * other.#under, this.#under * other.#over)
  }

  /** The nearest double but for the last digit. @throws {RangeError} for zero divided by zero */
  toNumber(): number {
    const shift = 70 - this.#over.toString(2).length + this.#under.toString(2).length
    const scaled = shift > 0 ? (this.#over << BigInt(shift)) / this.#under : this.#over / (this.#under << BigInt(-shift))
    return Number(scaled) * 2 ** -shift
  }
}
