import type { Artifact, Issue, Operation, Step } from '@flotta/contract'

/** Why a plan of known parts can't work, with the path of each problem; an empty list means that it can. */
export function planProblems({ steps }: Artifact): Issue[] {
  return steps.flatMap((step, index) => stepProblems(step, steps[index - 1], steps[index + 1], `steps[${index}]`))
}

function stepProblems(step: Step, before: Step | undefined, after: Step | undefined, path: string): Issue[] {
  if (step.kind === 'Parallel') {
    return [
      ...(step.operation.kind === 'Aggregation'
        ? [issue(`${path}.operation`, 'an Aggregation combines results; only Finalize does it')]
        : []),
      ...(before ? [issue(path, 'Parallel must be the first step in this version')] : []),
      ...(after?.kind === 'Finalize'
        ? []
        : [issue(path, 'what a site produces is never released: a Finalize with an Aggregation must follow Collect')]),
      ...operationProblems(step.operation, `${path}.operation`),
    ]
  }
  if (step.kind !== 'Finalize') return []
  return [
    ...(step.operation.kind === 'Aggregation'
      ? []
      : [issue(`${path}.operation`, 'the node holds no data: Finalize does an Aggregation')]),
    ...(before?.kind === 'Parallel'
      ? []
      : [issue(path, 'Finalize combines what a Parallel step with Collect produced; there is none before it')]),
    ...(after ? [issue(path, 'Finalize is the last step')] : []),
  ]
}

function operationProblems(operation: Operation, path: string): Issue[] {
  if (operation.kind === 'Aggregation' || operation.kind === 'Pass') return []
  const splitters = operation.query.stages.flatMap((stage, index) => (stage.kind === 'FederatedSplitter' ? [index] : []))
  const stages = `${path}.query.stages`
  if (operation.kind !== 'TrainTest') {
    return splitters.map((index) => issue(`${stages}[${index}]`, 'a splitter needs an operation that tests, such as TrainTest'))
  }
  if (splitters.length !== 1) return [issue(stages, `TrainTest needs one FederatedSplitter, found ${splitters.length}`)]
  return splitters[0] === operation.query.stages.length - 1
    ? []
    : [issue(`${stages}[${splitters[0]}]`, 'the splitter is the last stage')]
}

function issue(path: string, message: string): Issue {
  return { path, message }
}
