import { createHash, randomBytes } from 'node:crypto'
import {
  type Artifact,
  type ArtifactEvent,
  type ArtifactFailure,
  type ArtifactId,
  type ArtifactStatus,
  type ArtifactView,
  FlottaError,
  isTerminalArtifact,
  type JobView,
  makeId,
  type Participation,
  type ProjectId,
} from '@flotta/contract'
import type { ArtifactRecord, JobRecord, PlannedArtifact } from '../../ports/store.ts'
import { checkFeatures } from '../../scheduling/fit/check-features.ts'
import { planArtifact } from '../../scheduling/plan-artifact.ts'
import { announce, type NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { memberProject, requireActive } from './projects.ts'

/** A plan is made again where somebody left between its making and its storing; so often at most. */
const MAX_PLANS = 5

/** Longest silence of an event stream: a comment then shows that the connection lives. */
const KEEP_ALIVE_MS = 15_000

type Submitted = { readonly id: ArtifactId; readonly status: ArtifactStatus; readonly jobs: number }

/**
 * Plans an artifact and stores it; once this has answered, it will end. A request that has made one is answered with that, whatever became of
 * it and of those it was planned on.
 *
 * @throws {FlottaError} `invalid_artifact`, `unsupported_operation`, `unknown_feature`, `unsuitable_feature`, `no_workers`, `conflict`
 */
export async function submit(
  context: NodeContext,
  principal: Principal,
  projectId: ProjectId,
  request: { readonly artifact: Artifact; readonly requestId: string },
): Promise<Submitted> {
  const project = await memberProject(context, principal, projectId)
  const requestDigest = createHash('sha256').update(JSON.stringify(request.artifact)).digest('hex')
  const submitted = { projectId: project.id, submitterId: principal.id, requestId: request.requestId, requestDigest }
  const before = await madeBefore(context, submitted)
  if (before !== undefined) return before
  requireActive(project)
  for (let attempt = 0; attempt < MAX_PLANS; attempt++) {
    const planned = await planFor(context, request.artifact, submitted)
    const outcome = await context.store.artifacts.create(planned)
    if (outcome.kind === 'outdated') continue
    if (outcome.kind === 'conflict') throw new FlottaError('conflict')
    if (outcome.kind === 'created') announce(context, outcome.changes)
    const id = outcome.kind === 'exists' ? outcome.artifactId : planned.id
    context.logger.info('artifact accepted', { artifactId: id, projectId, jobs: planned.jobs.length })
    return { id, status: 'SCHEDULED', jobs: planned.jobs.length }
  }
  throw new FlottaError('unavailable', 'Data holders of the project kept leaving while the plan was made over them.')
}

/** Whose request it is, for which project, and what tells it from others. */
type RequestRef = Pick<PlannedArtifact, 'projectId' | 'submitterId' | 'requestId' | 'requestDigest'>

/** A plan over those who offer data to the project at this moment. */
async function planFor(context: NodeContext, artifact: Artifact, submitted: RequestRef): Promise<PlannedArtifact> {
  const datasources = await context.store.datasources.ofProject(submitted.projectId)
  const planned = planArtifact(artifact, {
    ...submitted,
    artifactId: makeId('art', randomBytes(26)),
    nodeId: context.id,
    workerIds: datasources.map(({ component }) => component.id),
    maxAttempts: context.maxAttempts,
    makeJobId: () => makeId('job', randomBytes(26)),
    makeResourceId: () => makeId('res', randomBytes(26)),
  })
  checkFeatures(artifact, datasources)
  return planned
}

/** @throws {FlottaError} `conflict` where the request was for something else */
async function madeBefore(
  { store }: NodeContext,
  { projectId, submitterId, requestId, requestDigest }: RequestRef,
): Promise<Submitted | undefined> {
  const made = await store.artifacts.findRequest(submitterId, requestId)
  if (made === undefined) return undefined
  if (made.projectId !== projectId || made.requestDigest !== requestDigest) throw new FlottaError('conflict')
  return { id: made.artifactId, status: made.status, jobs: made.jobs }
}

/** An artifact, if the researcher submitted it; for everybody else it does not exist (A7). */
async function ownArtifact({ store }: NodeContext, principal: Principal, id: ArtifactId): Promise<ArtifactRecord> {
  const artifact = await store.artifacts.find(id)
  if (artifact === undefined || artifact.submitterId !== principal.id) throw new FlottaError('not_found')
  return artifact
}

export async function viewArtifact(context: NodeContext, principal: Principal, id: ArtifactId): Promise<ArtifactView> {
  return artifactView(context, await ownArtifact(context, principal, id))
}

export function artifactView(context: NodeContext, artifact: ArtifactRecord): ArtifactView {
  const { id, projectId, label, status, createdAtMs, endedAtMs, result } = artifact
  const jobs = artifact.jobs.map(jobView)
  const sites = artifact.jobs.filter(({ component }) => component.id !== context.id)
  return {
    id,
    projectId,
    label,
    status,
    createdAtMs,
    endedAtMs,
    failure: failureView(artifact, jobs),
    result,
    jobs,
    participants: participationOf(sites),
  }
}

function jobView({ id, stepIndex, operation, component, status, attempts, metrics, failure, failures }: JobRecord): JobView {
  return {
    id,
    stepIndex,
    operation,
    component,
    status,
    attempts,
    metrics,
    failure,
    failures: [...failures],
  }
}

function failureView({ failure }: ArtifactRecord, jobs: readonly JobView[]): ArtifactFailure | null {
  if (failure === null) return null
  const failed = jobs.find(({ id }) => id === failure.jobId)
  const { code, message } = failure
  if (failed === undefined) return { code, message, job: null }
  const { id, stepIndex, operation, component, failures } = failed
  return { code, message, job: { id, stepIndex, operation, component, failures } }
}

/** How many jobs of each component have ended, and how; in the order of the plan. */
function participationOf(jobs: readonly JobRecord[]): Participation[] {
  const byComponent = new Map<string, Participation>()
  for (const { component, status } of jobs) {
    const sofar = byComponent.get(component.id) ?? { component, completed: 0, failed: 0, skipped: 0 }
    if (status === 'COMPLETED') sofar.completed++
    else if (status === 'FAILED') sofar.failed++
    else if (status === 'SKIPPED') sofar.skipped++
    byComponent.set(component.id, sofar)
  }
  return [...byComponent.values()]
}

/** Cancels an artifact of a researcher; see `cancelById`. */
export async function cancelArtifact(
  context: NodeContext,
  principal: Principal,
  id: ArtifactId,
): Promise<{ readonly id: ArtifactId; readonly status: ArtifactStatus }> {
  await ownArtifact(context, principal, id)
  return cancelById(context, id)
}

/**
 * Cancels an artifact in whatever state it is; again is the same as once, and one that has ended stays as it ended. Who runs a job
 * of it learns so when it next renews its lease.
 *
 * @throws {FlottaError} `not_found`
 */
export async function cancelById(
  context: NodeContext,
  id: ArtifactId,
): Promise<{ readonly id: ArtifactId; readonly status: ArtifactStatus }> {
  const outcome = await context.store.artifacts.cancel(id)
  switch (outcome.kind) {
    case 'unknown':
      throw new FlottaError('not_found')
    case 'ended':
      return { id, status: outcome.status }
    case 'cancelled':
      announce(context, outcome.changes)
      context.logger.info('artifact cancelled', { artifactId: id })
      return { id, status: 'CANCELLED' }
    default:
      return outcome satisfies never
  }
}

/**
 * Events of an artifact after a sequence number, as they happen, until it has ended, which may be before the first one; `null` now and then when
 * nothing happens.
 */
export async function* followArtifact(
  context: NodeContext,
  principal: Principal,
  id: ArtifactId,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ArtifactEvent | null> {
  const { status } = await ownArtifact(context, principal, id)
  const listener = context.wakeUps.listen(id)
  try {
    let last = after
    while (!signal.aborted && !context.stopping.aborted) {
      const events = await context.store.artifacts.events(id, last)
      for (const event of events) {
        last = event.sequence
        yield event
        if (event.job === null && isTerminalArtifact(event.artifactStatus)) return
      }
      if (events.length > 0) continue
      // All events of what had ended before are there.
      if (isTerminalArtifact(status)) return
      await listener.wait(KEEP_ALIVE_MS, signal)
      yield null
    }
  } finally {
    listener.close()
  }
}
