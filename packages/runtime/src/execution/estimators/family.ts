import type { Estimator, StatisticValue } from '@flotta/contract'
import type { z } from 'zod'
import type { SiteRecords } from '../../data/site-records.ts'
import type { ReleasePolicy } from '../../ports/task-executor.ts'

/**
 * A way of computing estimators: the summary that a site makes and holds back from, how summaries are merged, and the value that is
 * released of them.
 */
export interface Family<State> {
  /** What a summary looks like on the wire. */
  readonly state: z.ZodType<State>
  /** The summary of the selected records, without what the policy withholds. */
  summarise(estimator: Estimator, records: SiteRecords, policy: ReleasePolicy): Promise<State>
  merge(a: State, b: State): State
  value(estimator: Estimator, state: State): StatisticValue
}
