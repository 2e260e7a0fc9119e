import type { Issue, Operation } from '@flotta/contract'
import { transformerProblems } from './preparation-problems.ts'

/** Why an operation can't work as it is written, wherever it stands. */
export function operationProblems(operation: Operation, path: string): Issue[] {
  if (operation.kind === 'Aggregation' || operation.kind === 'Pass') return []
  const splitters = operation.query.stages.flatMap((stage, index) => (stage.kind === 'FederatedSplitter' ? [index] : []))
  const stages = `${path}.query.stages`
  const transformers = transformerProblems(operation, path)
  if (operation.kind !== 'TrainTest' && operation.kind !== 'Fit') {
    const message = 'a splitter needs an operation that tests, such as TrainTest'
    return [...transformers, ...splitters.map((index) => ({ path: `${stages}[${index}]`, message }))]
  }
  if (splitters.length !== 1) {
    return [{ path: stages, message: `${operation.kind} needs one FederatedSplitter, found ${splitters.length}` }]
  }
  return splitters[0] === operation.query.stages.length - 1
    ? transformers
    : [{ path: `${stages}[${splitters[0]}]`, message: 'the splitter is the last stage' }, ...transformers]
}
