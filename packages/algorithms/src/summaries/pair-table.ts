import { type Comoments, comomentsSummary } from './comoments.ts'

/** What is known of two features together. */
export interface PairState {
  /** Sites that withheld the pair. */
  readonly withheld: number
  readonly comoments: Comoments
}

/** Pairs in the order of {@link pairsOf}. */
export interface PairTableState {
  readonly sites: number
  readonly records: number
  readonly pairs: readonly PairState[]
}

/** @throws {RangeError} when the tables are of different features */
export function mergePairTables(a: PairTableState, b: PairTableState): PairTableState {
  if (a.pairs.length !== b.pairs.length) throw new RangeError('matrices of different features cannot be merged')
  return {
    sites: a.sites + b.sites,
    records: a.records + b.records,
    pairs: a.pairs.map(({ withheld, comoments }, index) => {
      const other = b.pairs[index]
      return { withheld: withheld + other.withheld, comoments: comomentsSummary.merge(comoments, other.comoments) }
    }),
  }
}

/** The places of the features of each pair: each feature with itself and those after it. */
export function pairsOf(features: number): [number, number][] {
  return Array.from({ length: features }, (_, i) => i).flatMap((i) =>
    Array.from({ length: features - i }, (_, offset): [number, number] => [i, i + offset]),
  )
}
