import { type Artifact, columnTransformersOf, type Levels, type Operation, type Query, type TypedFeature } from '@flotta/contract'
import { learnedFeatures } from '../../plan/learned-features.ts'
import { plainSteps } from '../plain-steps.ts'
import { estimatorFeatures } from './estimator-features.ts'

/** An operation that reads the data of the sites, and where the plan has it. */
export interface DataOperation {
  readonly operation: Extract<Operation, { query: Query }>
  readonly path: string
  /** The values that its keys may take, where the step has agreed on them. */
  readonly levels: readonly (Levels[number] & { readonly path: string })[]
}

/** A feature that an operation takes from its query, where the plan names it, and whether it must be numeric there. */
export interface FeatureUse {
  readonly name: string
  readonly path: string
  readonly numeric: boolean
}

/** Every operation of a plan that reads data, at any depth. */
export function dataOperations({ steps }: Pick<Artifact, 'steps'>): DataOperation[] {
  return plainSteps(steps).flatMap(({ step, path }) => {
    if (!('query' in step.operation)) return []
    const agreed = step.kind === 'SecureSum' ? step.levels : []
    const levels = agreed.map((level, index) => ({ ...level, path: `${path}.levels[${index}]` }))
    return [{ operation: step.operation, path: `${path}.operation`, levels }]
  })
}

/**
 * What an operation takes of the features that its query offers. What a model learns from must be numeric, unless transformers
 * prepare it.
 */
export function featureUses({ operation, path }: DataOperation, offered: readonly TypedFeature[]): FeatureUse[] {
  if (operation.kind === 'Estimate') {
    const uses = estimatorFeatures(operation.estimator)
    return uses.map(({ name, place, numeric }) => ({ name, path: `${path}.estimator.${place}`, numeric }))
  }
  const numeric = columnTransformersOf(operation.query.stages).length === 0
  return [
    ...learnedFeatures(operation, offered).map(({ name }) => ({ name, path: `${path}.query`, numeric })),
    { name: operation.label, path: `${path}.label`, numeric: false },
  ]
}
