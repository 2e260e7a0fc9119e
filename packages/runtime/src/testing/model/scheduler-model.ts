import {
  type ArtifactStatus,
  type ArtifactTransition,
  artifactTransitions,
  barrierVerdict,
  isTerminalArtifact,
  isTerminalJob,
  type JobStatus,
  type JobTransition,
  jobTransitions,
  verdictAtDeadline,
} from '@flotta/contract'

/** A plan as far as the scheduler's rules depend on it; jobs and barriers are named by their places. */
export interface ModelPlan {
  readonly maxAttempts: number
  readonly jobs: readonly { readonly doer: number; readonly waitsFor?: number; readonly feeds?: number }[]
  /** `patient`: waits for everybody until its deadline. */
  readonly barriers: readonly { readonly needed: number; readonly patient: boolean }[]
}

export interface ModelJob {
  readonly status: JobStatus
  /** Of the last lease; attempts are as many. */
  readonly epoch: number
  /** What it completed with. */
  readonly digest: string | null
}

/** One artifact of the scheduler at one moment. */
export interface ModelState {
  readonly artifact: ArtifactStatus
  readonly jobs: readonly ModelJob[]
  readonly barriers: readonly { readonly arrived: number; readonly lost: number }[]
}

export type ModelOutcome = 'done' | 'duplicate' | 'conflict' | 'stale'

export interface ModelStep {
  readonly state: ModelState
  readonly outcome: ModelOutcome
}

/**
 * What the scheduler does, as pure functions over values: no database, no clock, no network. It is explored exhaustively, and stores
 * are compared with it.
 */
export function initialState({ jobs, barriers }: ModelPlan): ModelState {
  return {
    artifact: 'SCHEDULED',
    jobs: jobs.map(({ waitsFor }) => ({ status: waitsFor === undefined ? 'READY' : 'WAITING', epoch: 0, digest: null })),
    barriers: barriers.map(() => ({ arrived: 0, lost: 0 })),
  }
}

export function claim(state: ModelState, job: number): ModelState {
  const epoch = state.jobs[job]!.epoch + 1
  return moveArtifact(move(state, 'claim', [job], { epoch }), 'start')
}

export function complete(plan: ModelPlan, state: ModelState, job: number, epoch: number, digest: string): ModelStep {
  const before = state.jobs[job]!
  if (before.epoch !== epoch) return { state, outcome: 'stale' }
  if (before.status === 'COMPLETED') return { state, outcome: before.digest === digest ? 'duplicate' : 'conflict' }
  if (before.status !== 'RUNNING') return { state, outcome: 'stale' }
  const completed = move(state, 'complete', [job], { digest })
  const { feeds } = plan.jobs[job]!
  const arrived = feeds === undefined ? completed : settle(plan, count(completed, feeds, 'arrived'), feeds)
  const ended = arrived.jobs.every(({ status }) => isTerminalJob(status))
  return { state: ended ? moveArtifact(arrived, 'complete') : arrived, outcome: 'done' }
}

export function fail(plan: ModelPlan, state: ModelState, job: number, epoch: number, retryable: boolean): ModelStep {
  const before = state.jobs[job]!
  if (before.epoch !== epoch || before.status !== 'RUNNING') return { state, outcome: 'stale' }
  return { state: endAttempt(plan, state, job, retryable), outcome: 'done' }
}

/** Whether a lease would be renewed. */
export function renews(state: ModelState, job: number, epoch: number): boolean {
  return state.jobs[job]!.epoch === epoch && state.jobs[job]!.status === 'RUNNING'
}

/** What follows when these leases have run out: first the last attempts, each of which may end the artifact, then the others. */
export function expire(plan: ModelPlan, state: ModelState, lapsed: readonly number[]): ModelState {
  const spent = lapsed.filter((job) => state.jobs[job]!.epoch >= plan.maxAttempts)
  const after = spent.reduce((sofar, job) => (isRunning(sofar, job) ? endAttempt(plan, sofar, job, true) : sofar), state)
  const others = lapsed.filter((job) => !spent.includes(job) && isRunning(after, job))
  return isTerminalArtifact(after.artifact) ? after : move(after, 'release', others)
}

/** What follows when the deadline of a barrier, whose jobs may have begun, has passed. */
export function passDeadline(plan: ModelPlan, state: ModelState, barrier: number): ModelState {
  const { needed } = plan.barriers[barrier]!
  const { arrived } = state.barriers[barrier]!
  return verdictAtDeadline({ needed, arrived }) === 'open' ? open(plan, state, barrier) : endArtifact(state, 'fail')
}

/** Whether a deadline runs: it does from when the first of the jobs before the barrier may begin, until the last of them has ended. */
export function deadlineRuns(plan: ModelPlan, state: ModelState, barrier: number): boolean {
  if (!plan.barriers[barrier]!.patient || isTerminalArtifact(state.artifact)) return false
  const feeders = state.jobs.filter((_, job) => plan.jobs[job]!.feeds === barrier)
  return feeders.some(({ status }) => !isTerminalJob(status)) && feeders.some(({ status }) => status !== 'WAITING')
}

export function cancel(state: ModelState): ModelState {
  return isTerminalArtifact(state.artifact) ? state : endArtifact(state, 'cancel')
}

function endAttempt(plan: ModelPlan, state: ModelState, job: number, retryable: boolean): ModelState {
  if (retryable && state.jobs[job]!.epoch < plan.maxAttempts) return move(state, 'release', [job])
  const failed = move(state, 'fail', [job])
  const { feeds } = plan.jobs[job]!
  return feeds === undefined ? endArtifact(failed, 'fail') : settle(plan, count(failed, feeds, 'lost'), feeds)
}

function settle(plan: ModelPlan, state: ModelState, barrier: number): ModelState {
  const { needed, patient } = plan.barriers[barrier]!
  const feeders = plan.jobs.filter(({ feeds }) => feeds === barrier).length
  const verdict = barrierVerdict({ ...state.barriers[barrier]!, needed, spare: feeders - needed, patient })
  switch (verdict) {
    case 'wait':
      return state
    case 'open':
      return open(plan, state, barrier)
    case 'unreachable':
      return endArtifact(state, 'fail')
    default:
      return verdict satisfies never
  }
}

function open(plan: ModelPlan, state: ModelState, barrier: number): ModelState {
  const takers = [...plan.jobs.keys()].filter((job) => plan.jobs[job]!.waitsFor === barrier)
  return move(skipFeeders(plan, state, barrier), 'open', takers)
}

/** Nobody waits any more for those who feed a barrier, nor for those whose products only they would have taken. */
function skipFeeders(plan: ModelPlan, state: ModelState, barrier: number): ModelState {
  const skipped = [...plan.jobs.keys()].filter(
    (job) => plan.jobs[job]!.feeds === barrier && !isTerminalJob(state.jobs[job]!.status),
  )
  const without = move(state, 'skip', skipped)
  const behind = new Set(skipped.flatMap((job) => plan.jobs[job]!.waitsFor ?? []))
  return [...behind].reduce((sofar, each) => (isTaken(plan, sofar, each) ? sofar : skipFeeders(plan, sofar, each)), without)
}

function isTaken(plan: ModelPlan, state: ModelState, barrier: number): boolean {
  return plan.jobs.some(({ waitsFor }, job) => waitsFor === barrier && !isTerminalJob(state.jobs[job]!.status))
}

function endArtifact(state: ModelState, how: 'fail' | 'cancel'): ModelState {
  return moveArtifact(move(state, 'cancel', [...state.jobs.keys()]), how)
}

function count(state: ModelState, barrier: number, what: 'arrived' | 'lost'): ModelState {
  const barriers = state.barriers.map((each, place) => (place === barrier ? { ...each, [what]: each[what] + 1 } : each))
  return { ...state, barriers }
}

function move(state: ModelState, event: JobTransition, places: readonly number[], set: Partial<ModelJob> = {}): ModelState {
  const jobs = state.jobs.map((job, place) => {
    const status = places.includes(place) ? jobTransitions[job.status][event] : null
    return status === null ? job : { ...job, ...set, status }
  })
  return { ...state, jobs }
}

function moveArtifact(state: ModelState, event: ArtifactTransition): ModelState {
  const artifact = artifactTransitions[state.artifact][event]
  return artifact === null ? state : { ...state, artifact }
}

function isRunning(state: ModelState, job: number): boolean {
  return state.jobs[job]!.status === 'RUNNING'
}
