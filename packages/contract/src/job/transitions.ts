import type { ArtifactStatus, JobStatus } from './status.ts'

/** What can happen to a job. */
export type JobEvent = 'open' | 'claim' | 'complete' | 'release' | 'fail' | 'cancel' | 'skip'

/** What can happen to an artifact. */
export type ArtifactEvent = 'start' | 'complete' | 'fail' | 'cancel'

/**
 * The whole state machine of a job; `null` = the event changes nothing and is refused or ignored by the caller.
 *
 * `open`: its barrier opened. `claim`: handed out under a lease. `release`: lease expired or retryable failure, attempts left.
 * `fail`: attempts spent or not retryable. `skip`: its barrier opened by quorum without it.
 */
export const jobTransitions: Readonly<Record<JobStatus, Readonly<Record<JobEvent, JobStatus | null>>>> = {
  WAITING: { open: 'READY', claim: null, complete: null, release: null, fail: null, cancel: 'CANCELLED', skip: 'SKIPPED' },
  READY: { open: null, claim: 'RUNNING', complete: null, release: null, fail: null, cancel: 'CANCELLED', skip: 'SKIPPED' },
  RUNNING: {
    open: null,
    claim: null,
    complete: 'COMPLETED',
    release: 'READY',
    fail: 'FAILED',
    cancel: 'CANCELLED',
    skip: 'SKIPPED',
  },
  COMPLETED: { open: null, claim: null, complete: null, release: null, fail: null, cancel: null, skip: null },
  FAILED: { open: null, claim: null, complete: null, release: null, fail: null, cancel: null, skip: null },
  CANCELLED: { open: null, claim: null, complete: null, release: null, fail: null, cancel: null, skip: null },
  SKIPPED: { open: null, claim: null, complete: null, release: null, fail: null, cancel: null, skip: null },
}

/** The whole state machine of an artifact. Terminal states are terminal (E3). */
export const artifactTransitions: Readonly<Record<ArtifactStatus, Readonly<Record<ArtifactEvent, ArtifactStatus | null>>>> = {
  SCHEDULED: { start: 'RUNNING', complete: null, fail: 'FAILED', cancel: 'CANCELLED' },
  RUNNING: { start: null, complete: 'COMPLETED', fail: 'FAILED', cancel: 'CANCELLED' },
  COMPLETED: { start: null, complete: null, fail: null, cancel: null },
  FAILED: { start: null, complete: null, fail: null, cancel: null },
  CANCELLED: { start: null, complete: null, fail: null, cancel: null },
}

/** The job states in which an event has an effect: what a store compares before it sets. */
export function jobStatesBefore(event: JobEvent): JobStatus[] {
  return (Object.keys(jobTransitions) as JobStatus[]).filter((status) => jobTransitions[status][event] !== null)
}

/** The artifact states in which an event has an effect. */
export function artifactStatesBefore(event: ArtifactEvent): ArtifactStatus[] {
  return (Object.keys(artifactTransitions) as ArtifactStatus[]).filter((status) => artifactTransitions[status][event] !== null)
}

/** Whether nothing can happen any more to an artifact in this state. */
export function isTerminalArtifact(status: ArtifactStatus): boolean {
  return Object.values(artifactTransitions[status]).every((next) => next === null)
}

/** Whether nothing can happen any more to a job in this state. */
export function isTerminalJob(status: JobStatus): boolean {
  return Object.values(jobTransitions[status]).every((next) => next === null)
}
