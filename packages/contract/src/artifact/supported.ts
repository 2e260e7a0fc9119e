import type { Issue } from '../errors/problem.ts'
import type { Artifact } from './artifact.ts'
import type { Operation } from './operations.ts'
import type { Step } from './steps.ts'

/** The parts of the plan language that this version runs; every other part is refused at submit. */
export const supported = {
  steps: ['Initialize', 'Parallel', 'Sequential', 'RoundRobin', 'SecureSum', 'Finalize', 'Iterate'],
  distributions: ['Collect', 'Distribute', 'Arrange', 'RoundRobin', 'DirectToNext'],
  operations: ['Estimate', 'Fit', 'TrainTest', 'Aggregation', 'Pass'],
  estimators: [
    'Count',
    'Sum',
    'Mean',
    'Variance',
    'Missing',
    'Extremes',
    'Quantiles',
    'Describe',
    'ValueCounts',
    'Histogram',
    'GroupBy',
    'Contingency',
    'TTest',
    'Anova',
    'Proportion',
    'Covariance',
    'Correlation',
    'KaplanMeier',
  ],
  models: ['FederatedRandomForestClassifier'],
  stages: [
    'Select',
    'Drop',
    'Rename',
    'Derive',
    'Filter',
    'FederatedSplitter',
    'FederatedPipeline',
    'FederatedStandardScaler',
    'FederatedMinMaxScaler',
    'FederatedRobustScaler',
    'FederatedClamp',
    'FederatedBinarizer',
    'FederatedKBinsDiscretizer',
    'FederatedSimpleImputer',
    'FederatedOneHotEncoder',
    'FederatedOrdinalEncoder',
    'FederatedLabelBinarizer',
  ],
  strategies: ['merge'],
} as const satisfies Record<string, readonly string[]>

/** Every part of a plan that is described but not implemented, with its path; an empty list means that all of it can run. */
export function unsupportedParts(artifact: Artifact): Issue[] {
  return artifact.steps.flatMap((step, index) => unsupportedInStep(step, `steps[${index}]`))
}

function unsupportedInStep(step: Step, path: string): Issue[] {
  const own = check('steps', step.kind, path)
  if (step.kind === 'Iterate')
    return [...own, ...step.steps.flatMap((inner, index) => unsupportedInStep(inner, `${path}.steps[${index}]`))]
  const distribution = 'distribution' in step ? step.distribution : undefined
  return [
    ...own,
    ...(distribution ? check('distributions', distribution.kind, `${path}.distribution`) : []),
    ...unsupportedInOperation(step.operation, `${path}.operation`),
  ]
}

function unsupportedInOperation(operation: Operation, path: string): Issue[] {
  const issues = check('operations', operation.kind, path)
  if (operation.kind === 'Pass') return issues
  if (operation.kind === 'Aggregation') return [...issues, ...check('strategies', operation.strategy, `${path}.strategy`)]
  if (operation.kind === 'Estimate') issues.push(...check('estimators', operation.estimator.kind, `${path}.estimator`))
  else if (operation.kind !== 'Fit') issues.push(...check('models', operation.model.kind, `${path}.model`))
  const stages = operation.query.stages.flatMap((stage, index) => check('stages', stage.kind, `${path}.query.stages[${index}]`))
  return [...issues, ...stages]
}

function check(part: keyof typeof supported, kind: string, path: string): Issue[] {
  const known: readonly string[] = supported[part]
  return known.includes(kind)
    ? []
    : [{ path, message: `${kind} is not implemented in this version; available: ${known.join(', ')}` }]
}
