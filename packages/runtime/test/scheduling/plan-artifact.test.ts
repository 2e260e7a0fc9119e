import {
  type Artifact,
  type ComponentId,
  FlottaError,
  type JobId,
  type ProjectId,
  type ResourceId,
  type Step,
} from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlanContext, planArtifact } from '../../src/scheduling/plan-artifact.ts'

const id = <T extends string>(prefix: string, index: number) =>
  `${prefix}_${'a'.repeat(22)}${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + (Math.floor(index / 26) % 26))}aa` as T
const query = { kind: 'Query' as const, stages: [] }
const parallel: Step = {
  kind: 'Parallel',
  operation: { kind: 'Estimate', estimator: { kind: 'Count' }, query },
  distribution: { kind: 'Collect' },
}
const finalize: Step = { kind: 'Finalize', operation: { kind: 'Aggregation', strategy: 'merge' } }
const node = id<ComponentId>('cmp', 600)
const submitter = id<ComponentId>('cmp', 601)

function context(workers: number): PlanContext {
  let jobs = 0
  let resources = 0
  return {
    artifactId: id('art', 0),
    projectId: id<ProjectId>('prj', 0),
    submitterId: submitter,
    nodeId: node,
    workerIds: Array.from({ length: workers }, (_, index) => id<ComponentId>('cmp', index)),
    requestId: 'r'.repeat(16),
    requestDigest: '0'.repeat(64),
    maxAttempts: 3,
    makeJobId: () => id<JobId>('job', jobs++),
    makeResourceId: () => id<ResourceId>('res', resources++),
  }
}

const plan = (steps: Step[], workers = 3) => planArtifact({ label: '', steps }, context(workers))
const refusal = (steps: Step[], workers = 3) => {
  try {
    plan(steps, workers)
  } catch (error) {
    return error as FlottaError
  }
  throw new Error('the plan was accepted')
}

describe('planArtifact', () => {
  it('gives each worker one job a step, and the node one for Finalize, which waits for all of them', () => {
    const { jobs, barriers } = plan([parallel, finalize])
    expect(jobs.map(({ componentId, waitsFor, feeds }) => [componentId, waitsFor, feeds])).toEqual([
      [id('cmp', 0), undefined, 0],
      [id('cmp', 1), undefined, 0],
      [id('cmp', 2), undefined, 0],
      [node, 0, undefined],
    ])
    expect(barriers).toEqual([{ index: 0, needed: 3 }])
  })

  it('what a site produces may be read by the node alone, and only the last output by the researcher (A9, B7)', () => {
    const { jobs } = plan([parallel, finalize])
    expect(jobs.slice(0, 3).every(({ recipientIds, released }) => !released && recipientIds.join() === node)).toBe(true)
    expect(jobs[3]).toMatchObject({ recipientIds: [submitter], released: true })
  })

  it('is the same plan whatever the order in which workers are listed', () => {
    const forward = context(5)
    const backward = { ...context(5), workerIds: [...forward.workerIds].reverse() }
    const artifact: Artifact = { label: '', steps: [parallel, finalize] }
    expect(planArtifact(artifact, backward)).toEqual(planArtifact(artifact, forward))
  })

  it('writes rows linear in jobs for any number of workers, and every job can complete (E7)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (workers) => {
        const { jobs, barriers } = plan([parallel, finalize], workers)
        expect(jobs.length + barriers.length).toBe(workers + 2)
        for (const { waitsFor } of jobs) {
          if (waitsFor !== undefined)
            expect(jobs.filter(({ feeds }) => feeds === waitsFor).length).toBe(barriers[waitsFor]?.needed)
        }
      }),
    )
  })

  it.each<[string, Step[], string, RegExp]>([
    [
      'a step that is not implemented',
      [{ kind: 'Sequential', operation: parallel.operation }, finalize],
      'unsupported_operation',
      /steps\[0\]: Sequential/,
    ],
    ['a plan that ends with what the sites produced (B7)', [parallel], 'invalid_artifact', /never released/],
    ['a Finalize before anything is there', [finalize], 'invalid_artifact', /none before it/],
    [
      'an aggregation at the sites',
      [{ ...parallel, operation: finalize.operation as never }, finalize],
      'invalid_artifact',
      /only Finalize/,
    ],
    [
      'an estimate at the node, which holds no data',
      [parallel, { kind: 'Finalize', operation: parallel.operation }],
      'invalid_artifact',
      /holds no data/,
    ],
    ['a training without a splitter', [trainTest([]), finalize], 'invalid_artifact', /needs one FederatedSplitter/],
    ['two splitters', [trainTest([splitter, splitter]), finalize], 'invalid_artifact', /found 2/],
    [
      'a splitter that is not last',
      [trainTest([splitter, { kind: 'Select', features: ['a'] }]), finalize],
      'invalid_artifact',
      /last stage/,
    ],
  ])('refuses %s', (_, steps, code, message) => {
    const error = refusal(steps)
    expect(error).toBeInstanceOf(FlottaError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  it('refuses a project that no data holder offers data to (E10)', () => {
    expect(refusal([parallel, finalize], 0).code).toBe('no_workers')
  })
})

const splitter = { kind: 'FederatedSplitter', testSize: 0.2, stratify: true, randomState: 0 } as const

function trainTest(stages: (typeof splitter | { kind: 'Select'; features: string[] })[]): Step {
  const model = { kind: 'FederatedLinearRegression', fitIntercept: true } as const
  const forest = {
    ...model,
    kind: 'FederatedRandomForestClassifier',
    nEstimators: 1,
    criterion: 'gini',
    maxDepth: null,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    maxFeatures: null,
    bootstrap: true,
    maxSamples: null,
    randomState: 0,
  } as const
  return {
    kind: 'Parallel',
    operation: { kind: 'TrainTest', label: 'y', model: forest, query: { kind: 'Query', stages } },
    distribution: { kind: 'Collect' },
  }
}
