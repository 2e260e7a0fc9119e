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
}

/** The steps that compute an estimator, by the route that is wanted. */
export function estimateSteps(
  estimator: Estimator,
  query: Query = { kind: 'Query', stages: [] },
  { route = 'summaries', levels = {} }: RouteOptions = {},
): Step[] {
  const operation = Estimate({ estimator, query })
  const merge = Finalize(Aggregation({ strategy: 'merge' }))
  switch (route) {
    case 'summaries':
      return [Parallel(operation, Collect()), merge]
    case 'secure-sum':
      return [SecureSum(operation, { levels: keysByValue(estimator).flatMap((feature) => agreed(feature, levels)) }), merge]
    default:
      return route satisfies never
  }
}

function agreed(feature: string, levels: Readonly<Record<string, readonly Scalar[]>>) {
  const values = Object.hasOwn(levels, feature) ? levels[feature] : undefined
  return values === undefined ? [] : [{ feature, values: [...values] }]
}
