import type { AdditiveCodec } from '@flotta/algorithms'
import type { Estimator, Levels, StatisticValue } from '@flotta/contract'
import type { z } from 'zod'
import type { SiteRecords } from '../../data/site-records.ts'
import type { ReleasePolicy } from '../../ports/task-executor.ts'

/** Every summary says of how many sites it is. */
export interface OfSites {
  readonly sites: number
}

/**
 * A way of computing estimators: the summary that a site makes and holds back from, how summaries are merged, and the value that is
 * released of them.
 */
export interface Family<State extends OfSites> {
  /** What a summary looks like on the wire. */
  readonly state: z.ZodType<State>
  /** The summary of the selected records, without what the policy withholds. */
  summarise(estimator: Estimator, records: SiteRecords, policy: ReleasePolicy): Promise<State>
  merge(a: State, b: State): State
  value(estimator: Estimator, state: State): StatisticValue
  /**
   * The summary of a site as integers that can be added up under a mask. It holds what `summarise` makes and no more, so nothing is
   * told in this way that is withheld in the other.
   *
   * @param levels the values of keys, agreed before
   */
  additive(estimator: Estimator, levels: Levels): AdditiveCodec<State>
}
