import { isTerminalJob } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedArtifact } from '../../src/ports/store.ts'
import { countJobs, sizeProblems } from '../../src/scheduling/plan-size.ts'
import {
  claim,
  complete,
  deadlineRuns,
  initialState,
  type ModelPlan,
  type ModelState,
  passDeadline,
} from '../../src/testing/model/scheduler-model.ts'
import { anyPlanWithQuorums } from './support/any-plan.ts'
import { node, planOf, workerId } from './support/context.ts'

const WORKERS = 4

const runnable = anyPlanWithQuorums
  .filter((steps) => sizeProblems(steps, WORKERS).length === 0 && countJobs(steps, WORKERS) <= 120)
  .map((steps) => planOf(steps, WORKERS))

function modelOf({ jobs, barriers }: PlannedArtifact): ModelPlan {
  return {
    maxAttempts: 1,
    jobs: jobs.map(({ waitsFor, feeds }, doer) => ({
      doer,
      ...(waitsFor === undefined ? {} : { waitsFor }),
      ...(feeds === undefined ? {} : { feeds }),
    })),
    barriers: barriers.map(({ needed, timeoutMs }) => ({ needed, patient: timeoutMs !== undefined })),
  }
}

/** What has happened at last, when those who are there have done whatever they may, in some order, and every deadline has passed. */
function runWithout(absent: ReadonlySet<string>, planned: PlannedArtifact, plan: ModelPlan, choose: () => number): ModelState {
  let state = initialState(plan)
  for (;;) {
    const ready = planned.jobs.filter(
      ({ ordinal, componentId }) => state.jobs[ordinal]!.status === 'READY' && !absent.has(componentId),
    )
    const job = ready[choose() % Math.max(1, ready.length)]?.ordinal
    const due = job === undefined ? plan.barriers.findIndex((_, barrier) => deadlineRuns(plan, state, barrier)) : -1
    if (job !== undefined) state = complete(plan, claim(state, job), job, 1, 'digest').state
    else if (due >= 0) state = passDeadline(plan, state, due)
    else return state
  }
}

describe('any plan with quorums, some of whose workers never come', () => {
  const absences = fc.subarray([1, 2, 3], { minLength: 0 }).map((places) => new Set<string>(places.map(workerId)))
  const choices = fc.infiniteStream(fc.nat(1000))

  it('waits for nobody whose product nobody would take, and completes with its result', () => {
    fc.assert(
      fc.property(runnable, absences, choices, (planned, absent, stream) => {
        const plan = modelOf(planned)
        const { artifact, jobs } = runWithout(absent, planned, plan, () => Number(stream.next().value))
        const isLive = (ordinal: number) => !isTerminalJob(jobs[ordinal]!.status)
        for (const { ordinal, feeds } of planned.jobs)
          if (isLive(ordinal) && feeds !== undefined)
            expect(planned.jobs.some((taker) => taker.waitsFor === feeds && isLive(taker.ordinal))).toBe(true)
        expect(artifact === 'COMPLETED').toBe(jobs.at(-1)!.status === 'COMPLETED')
      }),
    )
  })

  it('loses no product of the node, which whoever comes later may use', () => {
    fc.assert(
      fc.property(runnable, absences, choices, (planned, absent, stream) => {
        const { jobs } = runWithout(absent, planned, modelOf(planned), () => Number(stream.next().value))
        for (const { ordinal, componentId } of planned.jobs)
          if (componentId === node) expect(jobs[ordinal]!.status).not.toBe('SKIPPED')
      }),
    )
  })
})
