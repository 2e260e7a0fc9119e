import type { PairState, PairTableState } from '../summaries/pair-table.ts'
import type { AdditiveCodec } from './additive-codec.ts'
import { countOf, decodeDeviations, decodeMoments, encodeDeviations, encodeMoments, momentsFields } from './moments-fields.ts'
import type { RingField } from './ring-field.ts'

const MOMENTS = momentsFields.squares.length
const pairFields: readonly RingField[] = ['count', ...momentsFields.squares, ...momentsFields.squares, 'product', 'count']

/** The joint moments of a number of pairs of features. */
export function pairTableCodec(pairs: number): AdditiveCodec<PairTableState> {
  const places = Array.from({ length: pairs }, (_, pair) => 2 + pair * pairFields.length)
  return {
    fields: ['count', 'count', ...places.flatMap(() => pairFields)],
    encode: (state) => [BigInt(state.sites), BigInt(state.records), ...state.pairs.flatMap(encodePair)],
    decode: (integers) => ({
      sites: countOf(integers[0]),
      records: countOf(integers[1]),
      pairs: places.map((start) => decodePair(integers.slice(start, start + pairFields.length))),
    }),
  }
}

function encodePair({ withheld, comoments: { x, y, products } }: PairState): bigint[] {
  const [ofX, ofY] = [encodeMoments(x, 'squares'), encodeMoments(y, 'squares')]
  return [BigInt(withheld), ...ofX, ...ofY, ...encodeDeviations(products, ofX[1], ofY[1], x.count)]
}

function decodePair(integers: readonly bigint[]): PairState {
  const [ofX, ofY] = [integers.slice(1, 1 + MOMENTS), integers.slice(1 + MOMENTS, 1 + 2 * MOMENTS)]
  const [x, y] = [decodeMoments(ofX, 'squares'), decodeMoments(ofY, 'squares')]
  const products = decodeDeviations(integers.slice(1 + 2 * MOMENTS), ofX[1], ofY[1], x.count)
  return { withheld: countOf(integers[0]), comoments: { x, y, products } }
}
