import type { MinMaxScaler } from '../transformer.ts'
import { distributionIn, type Kind, usableScale } from './kind.ts'

/**
 * Brings the least value to the lower end of `featureRange` and the greatest to its upper end.
 *
 * Over the federation the two are the outermost bins of enough records, not the values of single persons: what lies beyond them is
 * scaled beyond the range, or put to its end with `clip`.
 */
export const minMaxScaler: Kind<MinMaxScaler> = {
  accepts: () => ['numbers'],
  needs: () => 'distribution',
  expands: () => false,
  express: ({ featureRange: [lower, upper], clip }, feature, statistics) => {
    const { values } = distributionIn(feature, statistics)
    const scale = usableScale(values[values.length - 1] - values[0]) / (upper - lower)
    const ends = clip ? { lower, upper } : { lower: null, upper: null }
    return [{ op: 'scale', feature, center: values[0], scale, offset: lower, ...ends }]
  },
}
