import { type Artifact, isNumericType, type Operation, type Query, type TypedFeature } from '@flotta/contract'
import { plainSteps } from '../plain-steps.ts'

/** An operation that reads the data of the sites, and where the plan has it. */
export interface DataOperation {
  readonly operation: Extract<Operation, { query: Query }>
  readonly path: string
}

/** A feature that an operation takes from its query, where the plan names it, and whether it must be numeric there. */
export interface FeatureUse {
  readonly name: string
  readonly path: string
  readonly numeric: boolean
}

/** Every operation of a plan that reads data, at any depth. */
export function dataOperations({ steps }: Pick<Artifact, 'steps'>): DataOperation[] {
  return plainSteps(steps).flatMap(({ step: { operation }, path }) =>
    'query' in operation ? [{ operation, path: `${path}.operation` }] : [],
  )
}

/** What an operation takes of the features that its query offers. A model learns from all that is selected, or else from all numeric ones. */
export function featureUses({ operation, path }: DataOperation, offered: readonly TypedFeature[]): FeatureUse[] {
  if (operation.kind === 'Estimate') {
    const features = 'features' in operation.estimator ? operation.estimator.features : []
    return features.map((name) => ({ name, path: `${path}.estimator.features`, numeric: true }))
  }
  const selects = operation.query.stages.some(({ kind }) => kind === 'Select')
  const learned = offered.filter(({ name, type }) => name !== operation.label && (selects || isNumericType(type)))
  return [
    ...learned.map(({ name }) => ({ name, path: `${path}.query`, numeric: true })),
    { name: operation.label, path: `${path}.label`, numeric: false },
  ]
}
