import type { Aggregation, Distribution, Estimate, Operation, Step, TrainTest } from '@flotta/contract'

/** All workers do the operation at the same time. */
export function Parallel(operation: Operation, distribution: Distribution): Step {
  return { kind: 'Parallel', operation, distribution }
}

/** The node does the operation; what it produces is released to the researcher. */
export function Finalize(operation: Operation): Step {
  return { kind: 'Finalize', operation }
}

/** The results of all workers travel to the node. */
export function Collect(): Distribution {
  return { kind: 'Collect' }
}

/** Combines what the step before produced; `merge` merges summaries and unites forests. */
export function Aggregation(options: { readonly strategy: 'merge' }): Aggregation {
  return { kind: 'Aggregation', strategy: options.strategy }
}

/** Computes an estimator over the records that the query selects. */
export function Estimate(options: Omit<Estimate, 'kind'>): Estimate {
  return { kind: 'Estimate', ...options }
}

/** Splits the selected records at each site, trains the model on one part and tests it on the other. */
export function TrainTest(options: Omit<TrainTest, 'kind'>): TrainTest {
  return { kind: 'TrainTest', ...options }
}
