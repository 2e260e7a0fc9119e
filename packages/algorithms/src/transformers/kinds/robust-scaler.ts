import { normalUpperQuantile } from '../../distributions/normal.ts'
import { quantileOf } from '../../summaries/distribution.ts'
import type { RobustScaler } from '../transformer.ts'
import { distributionIn, type Kind, usableScale } from './kind.ts'

/** (x - median) / range between two quantiles; a range of 0 is not divided by. */
export const robustScaler: Kind<RobustScaler> = {
  accepts: () => ['numbers'],
  needs: ({ withCentering, withScaling }) => (withCentering || withScaling ? 'distribution' : null),
  expands: () => false,
  express: ({ quantileRange: [from, to], withCentering, withScaling, unitVariance }, feature, statistics) => {
    if (!withCentering && !withScaling) return []
    const distribution = distributionIn(feature, statistics)
    const center = withCentering ? quantileOf(distribution, 0.5) : 0
    const range = usableScale(quantileOf(distribution, to / 100) - quantileOf(distribution, from / 100))
    const scale = withScaling ? range / (unitVariance ? normalRange(from, to) : 1) : 1
    return [{ op: 'scale', feature, center, scale, offset: 0, lower: null, upper: null }]
  },
}

/** The range between two quantiles, in percent, of the standard normal distribution. */
function normalRange(from: number, to: number): number {
  return normalUpperQuantile(1 - to / 100) - normalUpperQuantile(1 - from / 100)
}
