import { normalUpperQuantile } from '../distributions/normal.ts'

export interface Proportion {
  readonly proportion: number
  /** At 95 %, by Wilson's score (1927): it stays within 0 and 1, and holds for shares near them. */
  readonly interval: readonly [number, number]
}

/** @returns null without records */
export function proportionOf(successes: number, records: number): Proportion | null {
  if (records === 0) return null
  const z = normalUpperQuantile(0.025)
  const share = successes / records
  const scale = 1 + (z * z) / records
  const centre = (share + (z * z) / (2 * records)) / scale
  const reach = (z / scale) * Math.sqrt((share * (1 - share)) / records + (z * z) / (4 * records * records))
  return { proportion: share, interval: [Math.max(0, centre - reach), Math.min(1, centre + reach)] }
}
