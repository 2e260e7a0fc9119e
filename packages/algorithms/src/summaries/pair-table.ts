import { type Comoments, comomentsSummary } from './comoments.ts'

/** What is known of two features together. */
export interface PairState {
  /** Sites that withheld the pair. */
  readonly withheld: number
  readonly comoments: Comoments
}

/** Each feature with itself and those after it. */
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
