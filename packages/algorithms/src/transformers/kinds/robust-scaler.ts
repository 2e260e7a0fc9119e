import { quantileOf } from '../../summaries/distribution.ts'
import type { RobustScaler } from '../transformer.ts'
import { distributionIn, type Kind, usableScale } from './kind.ts'

/** (x - median) / range between two quantiles; a range of 0 is not divided by. */
export const robustScaler: Kind<RobustScaler> = {
  accepts: () => ['numbers'],
  needs: ({ withCentering, withScaling }) => (withCentering || withScaling ? 'distribution' : null),
  expands: () => false,
  express: ({ quantileRange: [from, to], withCentering, withScaling }, feature, statistics) => {
    if (!withCentering && !withScaling) return []
    const distribution = distributionIn(feature, statistics)
    const center = withCentering ? quantileOf(distribution, 0.5) : 0
    const range = quantileOf(distribution, to / 100) - quantileOf(distribution, from / 100)
    return [{ op: 'scale', feature, center, scale: withScaling ? usableScale(range) : 1, offset: 0, lower: null, upper: null }]
  },
}
