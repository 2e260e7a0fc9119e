import { fitOf, roundsOf } from '@flotta/algorithms'
import { type ColumnTransformer, columnTransformersOf, type Issue, type Operation, type Query, type Step } from '@flotta/contract'

type Prepared = Extract<Operation, { kind: 'Fit' | 'TrainTest' }>

/** Why the transformers of an operation can't work, wherever it stands. */
export function transformerProblems(operation: Operation, path: string): Issue[] {
  if (operation.kind === 'Aggregation' || operation.kind === 'Pass') return []
  const transformers = columnTransformersOf(operation.query.stages)
  if (!isPrepared(operation)) {
    if (transformers.length === 0) return []
    const message = `${operation.kind} sees the records as they are: transformers need TrainTest`
    return [{ path: `${path}.query.stages`, message }]
  }
  return transformers.flatMap((transformer) =>
    ownProblems(transformer, operation.label).map((message) => ({ path: `${path}.query.stages`, message })),
  )
}

function ownProblems(transformer: ColumnTransformer, label: string): string[] {
  const { kind } = transformer
  const makesColumns =
    kind === 'FederatedOneHotEncoder' ||
    kind === 'FederatedOrdinalEncoder' ||
    kind === 'FederatedLabelBinarizer' ||
    (kind === 'FederatedKBinsDiscretizer' && transformer.encode === 'onehot')
  return [
    ...(transformer.features?.includes(label) ? [`${kind} names the label "${label}", which is not prepared`] : []),
    ...(makesColumns && fitOf(transformer) === 'local'
      ? [
          `${kind} fitted at each site would make other columns or codes at each: fit it over the federation, or declare categories`,
        ]
      : []),
  ]
}

/** Why the steps of a list don't fit the transformers that their operations use: each round of fitting is a Parallel and a Finalize. */
export function fittingProblems(steps: readonly Step[], path = ''): Issue[] {
  return steps.flatMap((step, index): Issue[] => {
    const place = `${path}steps[${index}]`
    if (step.kind === 'Iterate') return fittingProblems(step.steps, `${place}.`)
    const { operation } = step
    if (!isPrepared(operation)) return []
    const { count } = roundsOf(columnTransformersOf(operation.query.stages))
    const needed = operation.kind === 'Fit' ? operation.round - 1 : count
    if (operation.kind === 'Fit' && operation.round > count)
      return [{ path: `${place}.operation.round`, message: `there are ${count} rounds of fitting for this query` }]
    const uses = ('uses' in step ? step.uses : undefined) ?? []
    const wrong = Array.from({ length: needed }, (_, index) => index + 1).filter(
      (round) => !isFittedBy(steps, uses[round - 1], operation, round),
    )
    if (wrong.length === 0 && uses.length === needed) return []
    const message = `the transformers are fitted over the federation in ${count} rounds: this step uses, in order, the ${needed} Finalize steps after a Parallel Fit of rounds 1 to ${needed} with the same query and label`
    return [{ path: `${place}.uses`, message }]
  })
}

/** Whether the step at this place merges what the sites told in a round of fitting the same preparation. */
function isFittedBy(steps: readonly Step[], place: number | undefined, { label, query }: Prepared, round: number): boolean {
  const merge = place === undefined ? undefined : steps[place]
  const told = place === undefined ? undefined : steps[place - 1]
  if (merge?.kind !== 'Finalize' || merge.operation.kind !== 'Aggregation') return false
  if (told?.kind !== 'Parallel' || told.operation.kind !== 'Fit') return false
  const { operation } = told
  return operation.round === round && operation.label === label && isSame(operation.query, query)
}

function isSame(a: Query, b: Query): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isPrepared(operation: Operation): operation is Prepared {
  return operation.kind === 'Fit' || operation.kind === 'TrainTest'
}
