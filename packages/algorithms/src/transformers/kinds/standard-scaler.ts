import type { StandardScaler } from '../transformer.ts'
import { type Kind, momentsIn, type Spread } from './kind.ts'

/** (x - mean) / standard deviation, over n; a constant column is not divided. */
export const standardScaler: Kind<StandardScaler> = {
  accepts: () => ['numbers'],
  needs: ({ withMean, withStd }) => (withMean || withStd ? 'moments' : null),
  expands: () => false,
  express: ({ withMean, withStd }, feature, statistics) => {
    if (!withMean && !withStd) return []
    const moments = momentsIn(feature, statistics)
    const center = withMean ? moments.mean : 0
    const scale = withStd && !isConstant(moments) ? Math.sqrt(moments.variance) : 1
    return [{ op: 'scale', feature, center, scale, offset: 0, lower: null, upper: null }]
  },
}

/** Whether the variance is no more than the rounding errors of computing it (Chan, Golub, LeVeque 1983), as in scikit-learn. */
function isConstant({ count, mean, variance }: Spread): boolean {
  const bound = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2
  return variance <= bound
}
