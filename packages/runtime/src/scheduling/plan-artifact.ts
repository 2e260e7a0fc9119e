import {
  type Artifact,
  type ArtifactId,
  type ComponentId,
  FlottaError,
  issuesText,
  type JobId,
  type ProjectId,
  type ResourceId,
  type Step,
  unsupportedParts,
} from '@flotta/contract'
import type { PlannedArtifact, PlannedBarrier, PlannedJob } from '../ports/store.ts'
import { planProblems } from './plan-problems.ts'

/** Everything that planning depends on; ids are made by the caller, so the plan itself is a pure function. */
export interface PlanContext {
  readonly artifactId: ArtifactId
  readonly projectId: ProjectId
  readonly submitterId: ComponentId
  readonly nodeId: ComponentId
  /** Components that hold data of the project; each gets one job a step, however many of its tables take part (E4). */
  readonly workerIds: readonly ComponentId[]
  readonly requestId: string
  readonly requestDigest: string
  readonly maxAttempts: number
  readonly makeJobId: () => JobId
  readonly makeResourceId: () => ResourceId
}

/**
 * Turns a plan into jobs and barriers.
 *
 * S1 each step's jobs feed one barrier; the next step's jobs wait for it: O(jobs) rows, whatever the plan (E7).
 * S2 what a job produces may be read by those who do the next step, and after the last step by the submitter.
 * S3 ordinals follow steps, then worker ids, so inputs have one order whatever the timing.
 *
 * @throws {FlottaError} `unsupported_operation`, `invalid_artifact`, `no_workers`
 */
export function planArtifact(artifact: Artifact, context: PlanContext): PlannedArtifact {
  refuseWhatCanNotRun(artifact, context)
  const workers = [...context.workerIds].sort()
  const doers = artifact.steps.map((step) => doersOf(step, workers, context.nodeId))
  const jobs: PlannedJob[] = []
  for (const [stepIndex, step] of artifact.steps.entries()) {
    const recipientIds = doers[stepIndex + 1] ?? [context.submitterId]
    for (const componentId of doers[stepIndex] ?? []) {
      jobs.push({
        id: context.makeJobId(),
        ordinal: jobs.length,
        stepIndex,
        componentId,
        operation: operationOf(step),
        waitsFor: stepIndex === 0 ? undefined : stepIndex - 1,
        feeds: stepIndex === artifact.steps.length - 1 ? undefined : stepIndex,
        uses: [],
        outputId: context.makeResourceId(),
        recipientIds,
        released: stepIndex === artifact.steps.length - 1,
        until: undefined,
      })
    }
  }
  return { ...identityOf(context), artifact, jobs, barriers: barriersOf(doers) }
}

function identityOf({ artifactId, projectId, submitterId, requestId, requestDigest, maxAttempts }: PlanContext) {
  return { id: artifactId, projectId, submitterId, requestId, requestDigest, maxAttempts }
}

function refuseWhatCanNotRun(artifact: Artifact, { workerIds }: PlanContext): void {
  const unsupported = unsupportedParts(artifact)
  if (unsupported.length > 0) {
    throw new FlottaError('unsupported_operation', issuesText(unsupported), { issues: unsupported })
  }
  const problems = planProblems(artifact)
  if (problems.length > 0) {
    throw new FlottaError('invalid_artifact', issuesText(problems), { issues: problems })
  }
  if (workerIds.length === 0) throw new FlottaError('no_workers')
}

/** Who does a step, in canonical order. */
function doersOf(step: Step, workers: readonly ComponentId[], nodeId: ComponentId): readonly ComponentId[] {
  switch (step.kind) {
    case 'Parallel':
      return workers
    case 'Finalize':
      return [nodeId]
    case 'Initialize':
    case 'Sequential':
    case 'RoundRobin':
    case 'Iterate':
      throw new FlottaError('unsupported_operation', `${step.kind} is not implemented in this version.`)
    default:
      return step satisfies never
  }
}

function operationOf(step: Step): PlannedJob['operation'] {
  if (step.kind === 'Iterate') throw new FlottaError('unsupported_operation', 'Iterate is not implemented in this version.')
  return step.operation
}

function barriersOf(doers: readonly (readonly ComponentId[])[]): PlannedBarrier[] {
  return doers.slice(0, -1).map((components, index) => ({ index, needed: components.length }))
}
