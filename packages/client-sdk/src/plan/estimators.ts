import { defaultRandomForestParams } from '@flotta/algorithms'
import type * as contract from '@flotta/contract'

/** Number of records. */
export function Count(): contract.Estimator {
  return { kind: 'Count' }
}

/** Arithmetic mean of each feature; missing values are left out. */
export function Mean(options: { readonly features: readonly string[] }): contract.Estimator {
  return { kind: 'Mean', features: [...options.features] }
}

/** A random forest with scikit-learn's parameters and defaults; each site grows `nEstimators` trees. */
export function FederatedRandomForestClassifier(
  options: Partial<Omit<contract.FederatedRandomForestClassifier, 'kind'>> = {},
): contract.Model {
  return {
    kind: 'FederatedRandomForestClassifier',
    ...defaultRandomForestParams,
    ...options,
  }
}
