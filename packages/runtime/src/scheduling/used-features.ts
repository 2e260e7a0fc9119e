import type { Artifact, Condition, Operation } from '@flotta/contract'
import { plainSteps } from './plain-steps.ts'

/** A feature that a plan names, where it names it, and whether it must be numeric there. */
export interface FeatureUse {
  readonly name: string
  readonly path: string
  readonly numeric: boolean
}

/** Every feature that a plan names. */
export function usedFeatures({ steps }: Artifact): FeatureUse[] {
  return plainSteps(steps).flatMap(({ step, path }) => featuresOf(step.operation, `${path}.operation`))
}

function featuresOf(operation: Operation, path: string): FeatureUse[] {
  if (operation.kind === 'Aggregation' || operation.kind === 'Pass') return []
  const trains = operation.kind !== 'Estimate'
  const label = trains ? operation.label : undefined
  const stages = operation.query.stages.flatMap((stage, index) => {
    const place = `${path}.query.stages[${index}]`
    if (stage.kind === 'Select')
      return stage.features.map((name) => ({ name, path: `${place}.features`, numeric: trains && name !== label }))
    return stage.kind === 'Filter'
      ? conditionFeatures(stage.condition).map((name) => ({ name, path: `${place}.condition`, numeric: false }))
      : []
  })
  if (label !== undefined) return [...stages, { name: label, path: `${path}.label`, numeric: false }]
  const { estimator } = operation as Extract<Operation, { kind: 'Estimate' }>
  const features = 'features' in estimator ? estimator.features : []
  return [...stages, ...features.map((name) => ({ name, path: `${path}.estimator.features`, numeric: true }))]
}

function conditionFeatures(condition: Condition): string[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(conditionFeatures)
    case 'not':
      return conditionFeatures(condition.condition)
    default:
      return [condition.feature]
  }
}
