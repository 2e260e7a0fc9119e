import { type Estimator, keysByValue, type Query, type Scalar, type Step } from '@flotta/contract'
import { Collect } from './distributions.ts'
import { Aggregation, Estimate } from './operations.ts'
import { Finalize, Parallel, SecureSum } from './steps.ts'

/** How the sites' summaries come together. */
export interface RouteOptions {
  /**
   * - `summaries`: all sites at the same time; the node sees the summary of each, and merges them.
   * - `secure-sum`: one site after the other adds its summary to a sum under a mask, and nobody sees the summary of another. It takes
   *   at least three sites, figures that follow from sums, and keys whose values are agreed before.
   *
   * @default 'summaries'
   */
  readonly route?: 'summaries' | 'secure-sum'
  /** For a secure sum, the values that each key may take: records with other values count as in groups that a site does not name. */
  readonly levels?: Readonly<Record<string, readonly Scalar[]>>
  /** How long sites are waited for: all of them, or in a secure sum each in its turn. Then it has failed; without, they are waited for. */
  readonly timeoutS?: number
}

/** The steps that compute an estimator, by the route that is wanted. */
export function estimateSteps(
  estimator: Estimator,
  query: Query = { kind: 'Query', stages: [] },
  { route = 'summaries', levels = {}, timeoutS }: RouteOptions = {},
): Step[] {
  const operation = Estimate({ estimator, query })
  const merge = Finalize(Aggregation({ strategy: 'merge' }))
  const waiting = timeoutS === undefined ? {} : { timeoutS }
  switch (route) {
    case 'summaries':
      return [Parallel(operation, Collect(), waiting), merge]
    case 'secure-sum': {
      const values = keysByValue(estimator).flatMap((feature) => agreed(feature, levels))
      return [SecureSum(operation, { levels: values, ...waiting }), merge]
    }
    default:
      return route satisfies never
  }
}

function agreed(feature: string, levels: Readonly<Record<string, readonly Scalar[]>>) {
  const values = Object.hasOwn(levels, feature) ? levels[feature] : undefined
  return values === undefined ? [] : [{ feature, values: [...values] }]
}
