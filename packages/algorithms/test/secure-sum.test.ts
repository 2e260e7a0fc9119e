import { randomFillSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AdditiveCodec,
  addInRing,
  type Comoments,
  comomentsSummary,
  fromRing,
  type GroupTableDomain,
  type GroupTableState,
  groupTableCodec,
  groupTableSummary,
  type KeyValue,
  type Moments,
  mergePairTables,
  momentsSummary,
  type PairTableState,
  pairTableCodec,
  type RingField,
  type RingVector,
  subtractInRing,
  toRing,
  wordsOf,
} from '../src/index.ts'

const levels: readonly (readonly KeyValue[])[] = [
  ['a', 'b', null],
  [true, false, null],
]
const columns: GroupTableDomain['columns'] = [
  { name: 'x', moments: 'squares' },
  { name: 'note', moments: 'none' },
]
const codec = groupTableCodec({ levels, columns })

/** Doubles of every magnitude that counts as measured, and what does not. */
const value = fc.oneof(
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.double({ min: -1e290, max: 1e290, noNaN: true }),
  fc.double({ min: -1e-290, max: 1e-290, noNaN: true }),
  fc.constantFrom(0, -0, 1e16, 1e16 + 2, Number.NaN, Number.POSITIVE_INFINITY, 5e-324),
)
const row = fc.record({ key: fc.tuple(...levels.map((own) => fc.constantFrom(...own, 'beyond'))), x: value })
const sites = fc.array(fc.array(row, { maxLength: 12 }), { minLength: 3, maxLength: 20 })
type Row = { readonly key: readonly KeyValue[]; readonly x: number }

const momentsOf = (values: readonly number[]) => momentsSummary.add(momentsSummary.init(), Float64Array.from(values))

/** What a site tells of its rows: every group, or only those of two records and more. */
function tableOf(rows: readonly Row[], minimum: number): GroupTableState {
  const keys = [...new Map(rows.map(({ key }) => [JSON.stringify(key), key])).values()]
  const all = keys.map((key) => ({ key, own: rows.filter((other) => JSON.stringify(other.key) === JSON.stringify(key)) }))
  const named = all.filter(({ own }) => own.length >= minimum)
  const open = named.length < all.length ? 1 : 0
  const groups = named.map(({ key, own }) => ({
    key,
    records: own.length,
    namedByOpen: open,
    columns: [
      {
        name: 'x',
        withheld: 0,
        missing: own.filter(({ x }) => !Number.isFinite(x)).length,
        present: own.filter(({ x }) => Number.isFinite(x)).length,
        moments: momentsOf(own.map(({ x }) => x)),
        bins: null,
      },
      { name: 'note', withheld: own.length % 2, missing: 1, present: own.length - 1, moments: null, bins: null },
    ],
  }))
  return groupTableSummary.merge(groupTableSummary.init(), { sites: 1, records: rows.length, open, groups })
}

function maskOf(fields: readonly RingField[]): RingVector {
  return randomFillSync(new BigInt64Array(wordsOf(fields)))
}

/** Once round: the first adds a mask and takes it off in the end. */
function goRound<State>({ fields, encode, decode }: AdditiveCodec<State>, states: readonly State[]): State {
  const mask = maskOf(fields)
  const total = states.reduce((sum, state) => addInRing(fields, sum, toRing(fields, encode(state))), mask)
  return decode(fromRing(fields, subtractInRing(fields, total, mask)))
}

/**
 * Moments to the precision that summaries promise: of the sum of magnitudes, and of the deviation. Where it is so large that merging
 * gives it up the masked sum may still have it, and where its square is no double any more nothing is compared.
 */
function expectMoments(actual: Moments, pooled: Moments, magnitude: number): void {
  const [own, other] = [momentsSummary.value(actual), momentsSummary.value(pooled)]
  expect(own.count).toBe(other.count)
  expect(Math.abs(own.sum - other.sum)).toBeLessThanOrEqual(1e-12 * magnitude)
  if (own.std === null) expect(other.std).toBeNull()
  else if (other.std === null) expect(own.count < 2 || own.std > 1e145).toBe(true)
  else expect(Math.abs(own.std - other.std)).toBeLessThanOrEqual(1e-9 * Math.max(own.std, other.std) + 1e-150)
}

const magnitudeOf = (rows: readonly Row[]) => rows.reduce((sum, { x }) => sum + (Number.isFinite(x) ? Math.abs(x) : 0), 0)

describe('the masked sum of tables of 3–20 sites', () => {
  it('is the merged table: counts exactly, moments as precisely as summaries, of huge, tiny, missing and no values', () => {
    fc.assert(
      fc.property(sites, fc.constantFrom(1, 2), (rows, minimum) => {
        const inDomain = rows.map((own) => own.filter(({ key }) => !key.includes('beyond')))
        const tables = inDomain.map((own) => tableOf(own, minimum))
        const merged = tables.reduce(groupTableSummary.merge)
        const round = goRound(codec, tables)
        expect({ ...round, groups: round.groups.length }).toEqual({ ...merged, groups: merged.groups.length })
        for (const [place, group] of merged.groups.entries()) {
          const own = round.groups[place]
          expect({ ...own, columns: [] }).toEqual({ ...group, columns: [] })
          expect(own.columns.map((column) => ({ ...column, moments: null }))).toEqual(
            group.columns.map((column) => ({ ...column, moments: null })),
          )
          expectMoments(own.columns[0].moments!, group.columns[0].moments!, magnitudeOf(inDomain.flat()))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('has a group that was not agreed before as records in groups that a site does not name, and loses none', () => {
    fc.assert(
      fc.property(sites, (rows) => {
        const round = goRound(
          codec,
          rows.map((own) => tableOf(own, 1)),
        )
        expect(round.records).toBe(rows.flat().length)
        expect(round.open).toBe(rows.filter((own) => own.some(({ key }) => key.includes('beyond'))).length)
        for (const { key, records, namedByOpen } of round.groups) {
          expect(records).toBe(rows.flat().filter((other) => JSON.stringify(other.key) === JSON.stringify(key)).length)
          expect(namedByOpen).toBe(round.open)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('has the covariance of the pooled pairs', () => {
    const pair = fc.tuple(value, value)
    const tables = fc.array(fc.array(pair, { maxLength: 10 }), { minLength: 3, maxLength: 20 })
    const comomentsOf = (pairs: readonly (readonly number[])[]): Comoments => {
      const column = (place: number) => Float64Array.from(pairs, (both) => both[place])
      return comomentsSummary.add(comomentsSummary.init(), { x: column(0), y: column(1) })
    }
    fc.assert(
      fc.property(tables, (own) => {
        const states = own.map(
          (pairs): PairTableState => ({
            sites: 1,
            records: pairs.length,
            pairs: [{ withheld: 0, comoments: comomentsOf(pairs) }],
          }),
        )
        const round = goRound(pairTableCodec(1), states)
        const merged = states.reduce(mergePairTables)
        expect({ ...round, pairs: 0 }).toEqual({ ...merged, pairs: 0 })
        const [actual, pooled] = [round.pairs[0].comoments, merged.pairs[0].comoments]
        expect(actual.x.count).toBe(pooled.x.count)
        const [a, b] = [comomentsSummary.value(actual), comomentsSummary.value(pooled)]
        if (a.correlation === null || b.correlation === null) return
        expect(Math.abs(a.correlation - b.correlation)).toBeLessThanOrEqual(1e-9)
      }),
      { numRuns: 100 },
    )
  })

  it('is refused as out of range when what was added up was not what it seemed, so that no noise is taken for a count', () => {
    const vector = toRing(codec.fields, codec.encode(tableOf([], 1)))
    vector[1] = -1n
    expect(() => codec.decode(fromRing(codec.fields, vector))).toThrow(RangeError)
    expect(() => fromRing(codec.fields, vector.subarray(1))).toThrow(RangeError)
  })
})

describe('what travels between two sites', () => {
  const { fields, encode } = groupTableCodec({ levels: [['a', 'b', null]], columns: [{ name: 'x', moments: 'squares' }] })
  const table = tableOf(
    Array.from({ length: 12 }, (_, index): Row => ({ key: ['a'], x: index })),
    1,
  )
  const own = toRing(fields, encode(table))

  it('has every bit set as often as not, in every cell, whether a site has records there or not', () => {
    const rounds = 400
    const set = new Int32Array(64 * wordsOf(fields))
    for (let round = 0; round < rounds; round++) {
      const bits = new BigUint64Array(addInRing(fields, maskOf(fields), own).buffer)
      for (let bit = 0; bit < set.length; bit++) set[bit] += Number((bits[bit >> 6] >> BigInt(bit & 63)) & 1n)
    }
    // Each is a binomial number of 400 fair throws; none of some 18,000 is 7 standard deviations off but once in a million runs.
    const deviations = [...set].map((count) => (count - rounds / 2) / Math.sqrt(rounds / 4))
    expect(Math.max(...deviations.map(Math.abs))).toBeLessThan(7)
    const chiSquare = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0)
    expect(Math.abs(chiSquare - set.length) / Math.sqrt(2 * set.length)).toBeLessThan(6)
  })

  it('differs in every word from one run to the next, though the table is the same', () => {
    const [first, second] = [addInRing(fields, maskOf(fields), own), addInRing(fields, maskOf(fields), own)]
    const same = first.filter((word, place) => word === second[place])
    expect(same).toHaveLength(0)
  })

  it('could be any vector: for each there is one mask that makes it of these records, so it tells nothing of them', () => {
    const word = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const small: RingField[] = ['count', 'sum']
    const vector = fc
      .array(word, { minLength: wordsOf(small), maxLength: wordsOf(small) })
      .map((words) => BigInt64Array.from(words))
    fc.assert(
      fc.property(vector, vector, (masked, records) => {
        const mask = subtractInRing(small, masked, records)
        expect(addInRing(small, mask, records)).toEqual(masked)
      }),
    )
  })
})
