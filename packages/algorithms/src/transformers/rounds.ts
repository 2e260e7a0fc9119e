import { kindOf } from './kinds/catalogue.ts'
import type { Transformer } from './transformer.ts'

/**
 * In which rounds transformers are fitted over the federation. Those that do not depend on each other share a round; one depends on
 * an earlier one when they may work on the same column.
 */
export interface Rounds {
  /** How many rounds there are; 0 where nothing is fitted over the federation. */
  readonly count: number
  /** For each transformer: after how many rounds it can be applied. One that is fitted over the federation is fitted in that round. */
  readonly readyAfter: readonly number[]
}

export function roundsOf(transformers: readonly Transformer[]): Rounds {
  const readyAfter: number[] = []
  for (const [place, transformer] of transformers.entries()) {
    const earlier = transformers.slice(0, place).map((other, index) => (overlap(other, transformer) ? readyAfter[index] : 0))
    readyAfter.push(Math.max(0, ...earlier) + (isFederatedFit(transformer) ? 1 : 0))
  }
  return { count: Math.max(0, ...readyAfter), readyAfter }
}

/** Whether the transformer has something to fit, and where. */
export function fitOf(transformer: Transformer): 'federated' | 'local' | null {
  return kindOf(transformer).needs(transformer) === null || !('fit' in transformer) ? null : transformer.fit
}

export function isFederatedFit(transformer: Transformer): boolean {
  return fitOf(transformer) === 'federated'
}

/** Whether the later transformer may see a column that the earlier one changes or makes. */
function overlap(earlier: Transformer, later: Transformer): boolean {
  if (earlier.features === undefined || later.features === undefined) return true
  const kind = kindOf(earlier)
  const expands = kind.expands(earlier)
  const touches = (other: string, name: string) =>
    name === other || (expands && name.startsWith(`${other}_`)) || kind.adds?.(earlier, other).includes(name)
  return later.features.some((name) => earlier.features?.some((other) => touches(other, name)))
}
