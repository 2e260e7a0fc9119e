/**
 * What one place of a masked vector holds; each is an integer modulo a power of two.
 *
 * - `count`: modulo 2⁶⁴.
 * - `sum`: multiples of 2⁻¹⁰⁸⁸, modulo 2¹⁰⁸⁸.
 * - `product`: sums of squares and products, multiples of 2⁻¹¹⁵², modulo 2²⁰⁴⁸.
 *
 * The scales are finer than the least positive double and the moduli larger than any sum of measured values, so nothing is rounded
 * that a double could show, no range has to be agreed, and no sum can overflow (a superaccumulator, Kulisch 2013).
 */
export type RingField = 'count' | 'sum' | 'product'

interface FieldFormat {
  /** Width in words of 64 bits. */
  readonly words: number
  /** How many of its bits stand behind the binary point. */
  readonly fractionBits: number
}

export const fieldFormats: Readonly<Record<RingField, FieldFormat>> = {
  count: { words: 1, fractionBits: 0 },
  sum: { words: 34, fractionBits: 1088 },
  product: { words: 50, fractionBits: 1152 },
}

/** Length of a vector of these fields, in words of 64 bits. */
export function wordsOf(fields: readonly RingField[]): number {
  return fields.reduce((words, field) => words + fieldFormats[field].words, 0)
}
