import type * as contract from '@flotta/contract'

/** All workers do the operation at the same time. */
export function Parallel(operation: contract.Operation, distribution: contract.Distribution): contract.Step {
  return { kind: 'Parallel', operation, distribution }
}

/** The node does the operation; what it produces is released to the researcher. */
export function Finalize(operation: contract.Operation): contract.Step {
  return { kind: 'Finalize', operation }
}

/** The results of all workers travel to the node. */
export function Collect(): contract.Distribution {
  return { kind: 'Collect' }
}

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
