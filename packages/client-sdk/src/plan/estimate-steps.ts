import type * as contract from '@flotta/contract'
import { Collect } from './distributions.ts'
import { Aggregation, Estimate } from './operations.ts'
import { Finalize, Parallel } from './steps.ts'

/** Summaries of all sites at the same time, merged at the node. */
export function estimateSteps(
  estimator: contract.Estimator,
  query: contract.Query = { kind: 'Query', stages: [] },
): contract.Step[] {
  return [Parallel(Estimate({ estimator, query }), Collect()), Finalize(Aggregation({ strategy: 'merge' }))]
}
