import type { Issue } from '@flotta/contract'
import { defaultDistribution, fits } from './distributions/distribution-links.ts'
import { traitsOf } from './operation-traits.ts'
import { type Place, placeOf } from './places.ts'
import { quorumProblems } from './quorum.ts'
import type { Stage } from './unroll.ts'

/** What can be wrong with a stage because of what stands before and after it. */
export function courseProblems(course: readonly Stage[]): Issue[] {
  const issues: Issue[] = []
  let given: Given = 'nothing'
  for (const [place, stage] of course.entries()) {
    const [before, after] = [course[place - 1], course[place + 1]]
    issues.push(...(before === undefined ? beginProblems(stage) : placeProblems(stage)))
    issues.push(...doerProblems(stage), ...inputProblems(stage, given), ...quorumProblems(stage))
    given = productOf(stage, given)
    issues.push(...travelProblems(stage, after, given), ...(after === undefined ? endProblems(stage) : []))
  }
  return issues
}

/** What a stage is given, or produces: `private` tells of one site's records. */
type Given = 'nothing' | 'shared' | 'private'

function productOf({ step }: Stage, given: Given): Given {
  const { product } = traitsOf(step.operation)
  return product === 'as given' ? given : product
}

function beginProblems({ step, path }: Stage): Issue[] {
  return step.kind === 'Finalize'
    ? [{ path, message: 'Finalize works on what steps before it produced; there is none before it' }]
    : []
}

function placeProblems({ step, path }: Stage): Issue[] {
  return step.kind === 'Initialize' ? [{ path, message: 'Initialize begins a plan; what the node does later is a Finalize' }] : []
}

function endProblems({ step, path }: Stage): Issue[] {
  return placeOf(step) === 'node'
    ? []
    : [{ path, message: 'what a site produces is never released: the last step is a Finalize, which combines it at the node' }]
}

/** The node holds no data, and sites combine nothing. */
function doerProblems({ step, path }: Stage): Issue[] {
  const { doneAt } = traitsOf(step.operation)
  const { kind } = step.operation
  const atNode = placeOf(step) === 'node'
  if (doneAt === 'node' && !atNode) {
    return [{ path: `${path}.operation`, message: `${kind} combines what sites produced; only Finalize at the node does it` }]
  }
  return doneAt === 'sites' && atNode
    ? [{ path: `${path}.operation`, message: `the node holds no data: ${kind} is done at the sites` }]
    : []
}

function inputProblems({ step, path }: Stage, given: Given): Issue[] {
  const { takesInput, product } = traitsOf(step.operation)
  const { kind } = step.operation
  if (!takesInput && given === 'private') {
    return [{ path, message: `${kind} takes no product of others, so what the step before produced would be lost` }]
  }
  if (!takesInput && (step.kind === 'Sequential' || step.kind === 'RoundRobin')) {
    return [{ path, message: `${kind} takes no product of others: in ${step.kind} all but the last would be lost` }]
  }
  if (placeOf(step) === 'node' && given === 'private' && product === 'as given') {
    return [{ path: `${path}.operation`, message: `what a site produces is never released: ${kind} would hand it on uncombined` }]
  }
  return step.kind === 'Initialize' && product !== 'as given' && takesInput
    ? [{ path: `${path}.operation`, message: `${kind} needs products, and nothing is there before Initialize` }]
    : []
}

/** How a stage's products reach the next one, and whether they may. */
function travelProblems(stage: Stage, after: Stage | undefined, product: Given): Issue[] {
  const { step, path } = stage
  if (product === 'private' && (step.kind === 'Sequential' || step.kind === 'RoundRobin')) return [toOtherSites(path, step.kind)]
  if (after === undefined) return []
  const [from, to] = [placeOf(step), placeOf(after.step)]
  const kind = stage.distribution ?? defaultDistribution(from, to)
  if (kind === undefined || !fits(kind, from, to)) return [misfit(stage, after, from, to)]
  return product === 'private' && to !== 'node' && kind !== 'Arrange' ? [toOtherSites(`${path}.distribution`, kind)] : []
}

function toOtherSites(path: string, kind: string): Issue {
  return { path, message: `what tells of one site's records goes to the node alone; ${kind} would show it to other sites` }
}

function misfit({ distribution, path }: Stage, after: Stage, from: Place, to: Place): Issue {
  const wanted = defaultDistribution(from, to)
  const remedy = wanted ? `use ${wanted}` : 'a Finalize between them can make one product of many'
  const what = distribution ? `${distribution} does not fit` : 'the products of all workers do not fit'
  return {
    path: distribution ? `${path}.distribution` : path,
    message: `${what} before ${after.step.kind} (${after.path}): ${remedy}`,
  }
}
