import type { ComponentId, JobId, ProjectId, ResourceId, Step } from '@flotta/contract'
import { type PlanContext, planArtifact } from '../../../src/scheduling/plan-artifact.ts'

/** An id of the right form, told from others by a number. */
export function idOf<T extends string>(prefix: string, index: number): T {
  const digits = [0, 1, 2].map((place) => String.fromCharCode(97 + (Math.floor(index / 26 ** place) % 26)))
  return `${prefix}_${'a'.repeat(23)}${digits.reverse().join('')}` as T
}

export const workerId = (index: number) => idOf<ComponentId>('cmp', index)
export const node = idOf<ComponentId>('cmp', 15_600)
export const submitter = idOf<ComponentId>('cmp', 15_601)

export function contextOf(workers: number): PlanContext {
  let jobs = 0
  let resources = 0
  return {
    artifactId: idOf('art', 0),
    projectId: idOf<ProjectId>('prj', 0),
    submitterId: submitter,
    nodeId: node,
    workerIds: Array.from({ length: workers }, (_, index) => workerId(index)),
    requestId: 'r'.repeat(16),
    requestDigest: '0'.repeat(64),
    maxAttempts: 3,
    makeJobId: () => idOf<JobId>('job', jobs++),
    makeResourceId: () => idOf<ResourceId>('res', resources++),
  }
}

export const planOf = (steps: Step[], workers = 3) => planArtifact({ label: '', steps }, contextOf(workers))
