/** Probabilities of a random variable to lie at or below, and above, a value: each is exact where it is small. */
export interface Tails {
  readonly lower: number
  readonly upper: number
}
