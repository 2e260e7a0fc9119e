import type * as contract from '@flotta/contract'

/** Combines what the step before produced; `merge` merges summaries and unites forests. */
export function Aggregation(options: { readonly strategy: 'merge' }): contract.Aggregation {
  return { kind: 'Aggregation', strategy: options.strategy }
}

/** Computes an estimator over the records that the query selects. */
export function Estimate(options: Omit<contract.Estimate, 'kind'>): contract.Estimate {
  return { kind: 'Estimate', ...options }
}

/** Splits the selected records at each site, trains the model on one part and tests it on the other. */
export function TrainTest(options: Omit<contract.TrainTest, 'kind'>): contract.TrainTest {
  return { kind: 'TrainTest', ...options }
}

/** Hands on what it was given, and reads no data: one product, or several that are the same; an empty one where there is none. */
export function Pass(): contract.Operation {
  return { kind: 'Pass' }
}

/** Summarises each site's training records so that the transformers of a round can be fitted; `trainingSteps` makes these steps. */
export function Fit(options: Omit<contract.Fit, 'kind'>): contract.Fit {
  return { kind: 'Fit', ...options }
}
