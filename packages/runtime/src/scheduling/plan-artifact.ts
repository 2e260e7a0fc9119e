import {
  type Artifact,
  type ArtifactId,
  type ComponentId,
  type ErrorCode,
  FlottaError,
  type Issue,
  issuesText,
  type JobId,
  MAX_RECIPIENTS,
  type ProjectId,
  type ResourceId,
  unsupportedParts,
} from '@flotta/contract'
import type { PlannedArtifact } from '../ports/store.ts'
import { planCourse } from './plan-course.ts'
import { planProblems } from './plan-problems.ts'
import { sizeProblems } from './plan-size.ts'
import { secureSumsOfTooFew, unreachableQuorums } from './quorum.ts'
import { unroll } from './unroll.ts'

/** Everything that planning depends on; ids are made by the caller, so the plan itself is a pure function. */
export interface PlanContext {
  readonly artifactId: ArtifactId
  readonly projectId: ProjectId
  readonly submitterId: ComponentId
  readonly nodeId: ComponentId
  /** Who holds each table of the project: a component gets one job a step, however many of its tables take part (E4). */
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
 * @throws {FlottaError} `unsupported_operation`, `invalid_artifact`, `no_workers`, `quorum_not_met`
 */
export function planArtifact(artifact: Artifact, context: PlanContext): PlannedArtifact {
  const workers = [...new Set(context.workerIds)].sort()
  refuse('unsupported_operation', unsupportedParts(artifact))
  refuse('invalid_artifact', sizeProblems(artifact.steps, workers.length))
  refuse('invalid_artifact', planProblems(artifact))
  if (workers.length === 0) throw new FlottaError('no_workers')
  refuse('quorum_not_met', [...unreachableQuorums(artifact, workers.length), ...secureSumsOfTooFew(artifact, workers.length)])
  const { jobs, barriers } = planCourse(unroll(artifact), { node: context.nodeId, workers }, context)
  const tooMany = jobs.find(({ recipientIds }) => recipientIds.length > MAX_RECIPIENTS)
  if (tooMany) {
    const message = `one product would go to ${tooMany.recipientIds.length} components; it goes to at most ${MAX_RECIPIENTS}`
    refuse('invalid_artifact', [{ path: `steps[${tooMany.stepIndex}]`, message }])
  }
  const { artifactId: id, projectId, submitterId, requestId, requestDigest, maxAttempts } = context
  return { id, projectId, submitterId, requestId, requestDigest, maxAttempts, artifact, jobs, barriers }
}

function refuse(code: ErrorCode, issues: Issue[]): void {
  if (issues.length > 0) throw new FlottaError(code, issuesText(issues), { issues })
}
