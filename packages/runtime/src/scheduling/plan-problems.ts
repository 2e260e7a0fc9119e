import type { Artifact, Issue, PlainStep, Step } from '@flotta/contract'
import { secureSumProblems } from '../plan/secure-sum-domain.ts'
import { courseProblems } from './course-problems.ts'
import { operationProblems } from './operation-problems.ts'
import { plainSteps } from './plain-steps.ts'
import { fittingProblems } from './preparation-problems.ts'
import { unroll } from './unroll.ts'

/** In two rounds every step has stood beside whatever it can stand beside, and everything that can be handed round has been. */
const TELLING_ROUNDS = 2

/** Why a plan of known parts can't work, with the path of each problem; an empty list means that it can. */
export function planProblems(artifact: Artifact): Issue[] {
  const problems = [
    ...listProblems(artifact.steps),
    ...plainSteps(artifact.steps).flatMap(({ step, path }) => operationProblems(step.operation, `${path}.operation`)),
    ...plainSteps(artifact.steps).flatMap(({ step, path }) => (step.kind === 'SecureSum' ? secureSumProblems(step, path) : [])),
    ...fittingProblems(artifact.steps),
    ...courseProblems(unroll(artifact, TELLING_ROUNDS)),
  ]
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()]
}

/** What can be wrong within one list of steps. */
function listProblems(steps: readonly Step[], prefix = ''): Issue[] {
  return steps.flatMap((step, index) => {
    const path = `${prefix}steps[${index}]`
    if (step.kind !== 'Iterate') return usesProblems(step, index, steps, path)
    return [...untilProblems(step, path), ...listProblems(step.steps, `${path}.`)]
  })
}

function usesProblems(step: PlainStep, index: number, steps: readonly Step[], path: string): Issue[] {
  const uses = 'uses' in step ? (step.uses ?? []) : []
  return uses.flatMap((used, place) => {
    const issue = (message: string) => [{ path: `${path}.uses[${place}]`, message }]
    const kind = steps[used]?.kind
    if (used >= index || kind === undefined) return issue(`step ${used} does not come before this one in its list`)
    if (kind !== 'Initialize' && kind !== 'Finalize')
      return issue(`step ${used} is ${kind}; only what the node made once can be used`)
    return uses.indexOf(used) === place ? [] : issue(`step ${used} is used twice`)
  })
}

function untilProblems({ until, steps }: Step & { kind: 'Iterate' }, path: string): Issue[] {
  return until === undefined || steps.at(-1)?.kind === 'Finalize'
    ? []
    : [{ path: `${path}.until`, message: 'the node decides when rounds end: their last step is a Finalize' }]
}
