import { isTerminalJob } from '@flotta/contract'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { ClaimedJob, PlannedArtifact, Store } from '../../ports/store.ts'
import { artifactOf, eventsOf, expectGapless, LEASE_MS, leaseOf, output, passTime, type Scene } from '../store-fixtures.ts'
import {
  cancel,
  claim,
  complete,
  deadlineRuns,
  expire,
  fail,
  type ModelPlan,
  type ModelState,
  type ModelStep,
  passDeadline,
  renews,
} from './scheduler-model.ts'

/** What the model knows: the state that it foresees, and the leases that were ever given. */
export interface Model {
  readonly plan: ModelPlan
  state: ModelState
  readonly leases: { readonly job: number; readonly epoch: number; short: boolean }[]
}

/** The same artifact in a store. */
export interface Real {
  readonly store: Store
  readonly scene: Scene
  readonly planned: PlannedArtifact
  readonly claimed: ClaimedJob[]
}

type Command = fc.AsyncCommand<Model, Real>

/** A lease of this length has run out by the next time that the store looks. */
const SHORT_MS = 1
const failure = { code: 'worker_crashed', message: 'gone' } as const

/** Everything that can be asked of a store about one artifact, in any order, by old and present holders of its leases. */
export function storeCommands(): fc.Arbitrary<Iterable<Command>> {
  const lease = fc.nat({ max: 5 })
  return fc.commands(
    [
      fc.record({ doer: fc.nat({ max: 1 }), short: fc.boolean() }).map(({ doer, short }) => claiming(doer, short)),
      fc.record({ doer: fc.nat({ max: 1 }), short: fc.boolean() }).map(({ doer, short }) => claiming(doer, short)),
      fc.record({ lease, digest: fc.constantFrom('one', 'two') }).map((what) => completing(what.lease, what.digest)),
      fc.record({ lease, digest: fc.constantFrom('one', 'two') }).map((what) => completing(what.lease, what.digest)),
      fc.record({ lease, digest: fc.constantFrom('one', 'two') }).map((what) => completingTogether(what.lease, what.digest)),
      fc.record({ lease, retryable: fc.boolean() }).map((what) => failing(what.lease, what.retryable)),
      lease.map(renewing),
      fc.constant(expiring()),
      fc.constant(passing()),
      fc.constant(cancelling()),
    ],
    { maxCommands: 25 },
  )
}

function command(name: string, run: (model: Model, real: Real) => Promise<void>, check: (model: Model) => boolean): Command {
  return {
    check,
    run: async (model, real) => {
      await run(model, real)
      await compare(model, real)
    },
    toString: () => name,
  }
}

function claiming(doer: number, short: boolean): Command {
  return command(
    `claim by ${doer} for ${short ? 'a moment' : 'long'}`,
    async (model, { store, scene, planned, claimed }) => {
      const ready = [...model.plan.jobs.keys()].filter(
        (job) => model.plan.jobs[job]!.doer === doer && model.state.jobs[job]!.status === 'READY',
      )
      const claim_ = await store.jobs.claim(scene.sites[doer]!, short ? SHORT_MS : LEASE_MS)
      if (claim_ === undefined) {
        expect(ready).toEqual([])
        return
      }
      const job = planned.jobs.findIndex(({ id }) => id === claim_.job.id)
      expect(ready).toContain(job)
      model.state = claim(model.state, job)
      expect(claim_.job.epoch).toBe(model.state.jobs[job]!.epoch)
      model.leases.push({ job, epoch: claim_.job.epoch, short })
      claimed.push(claim_.job)
    },
    () => true,
  )
}

function completing(at: number, digest: string): Command {
  return command(
    `complete lease ${at} with ${digest}`,
    (model, real) => completeAll(model, real, [at], digest),
    ({ leases }) => at < leases.length,
  )
}

/** By everybody who ever held a lease of the same job: at once is as one after the other. */
function completingTogether(at: number, digest: string): Command {
  return command(
    `complete all leases of the job of lease ${at} at once with ${digest}`,
    (model, real) => {
      const { job } = model.leases[at]!
      const all = [...model.leases.keys()].filter((lease) => model.leases[lease]!.job === job)
      return completeAll(model, real, all, digest)
    },
    ({ leases }) => at < leases.length,
  )
}

async function completeAll(model: Model, { store, claimed }: Real, leases: readonly number[], digest: string): Promise<void> {
  const outcomes = await Promise.all(leases.map((at) => store.jobs.complete(leaseOf(claimed[at]!), output(digest))))
  for (const [index, { kind }] of outcomes.entries()) {
    const { job, epoch } = model.leases[leases[index]!]!
    follow(model, complete(model.plan, model.state, job, epoch, digest), kind === 'completed' ? 'done' : kind)
  }
}

function failing(at: number, retryable: boolean): Command {
  return command(
    `fail lease ${at}${retryable ? ', to be tried again' : ' for good'}`,
    async (model, { store, claimed }) => {
      const { job, epoch } = model.leases[at]!
      const outcome = await store.jobs.fail(leaseOf(claimed[at]!), failure, retryable ? 0 : undefined)
      follow(model, fail(model.plan, model.state, job, epoch, retryable), outcome.kind === 'stale' ? 'stale' : 'done')
    },
    ({ leases }) => at < leases.length,
  )
}

function renewing(at: number): Command {
  return command(
    `renew lease ${at}`,
    async (model, { store, claimed }) => {
      const lease = model.leases[at]!
      const renewed = renews(model.state, lease.job, lease.epoch)
      expect(await store.jobs.renew(leaseOf(claimed[at]!), LEASE_MS)).toBe(renewed)
      if (renewed) lease.short = false
    },
    ({ leases }) => at < leases.length,
  )
}

function expiring(): Command {
  return command(
    'look for lapsed leases',
    async (model, { store }) => {
      await passTime(store, SHORT_MS + 1)
      await store.jobs.expireLeases()
      const lapsed = model.leases
        .filter(({ job, epoch, short }) => short && renews(model.state, job, epoch))
        .map(({ job }) => job)
      model.state = expire(
        model.plan,
        model.state,
        lapsed.sort((a, b) => a - b),
      )
    },
    () => true,
  )
}

function passing(): Command {
  return command(
    'look for deadlines',
    async (model, { store }) => {
      await passTime(store, SHORT_MS + 1)
      const due = [...model.plan.barriers.keys()].filter((barrier) => deadlineRuns(model.plan, model.state, barrier))
      await store.artifacts.passDeadlines()
      for (const barrier of due)
        if (deadlineRuns(model.plan, model.state, barrier)) model.state = passDeadline(model.plan, model.state, barrier)
    },
    () => true,
  )
}

function cancelling(): Command {
  return command(
    'cancel',
    async (model, { store, planned }) => {
      await store.artifacts.cancel(planned.id)
      model.state = cancel(model.state)
    },
    // So that it does not end most runs at their beginning.
    ({ leases }) => leases.length > 3,
  )
}

function follow(model: Model, { state, outcome }: ModelStep, seen: ModelStep['outcome']): void {
  expect(seen).toBe(outcome)
  model.state = state
}

/** What the store shows is what the model foresees. */
async function compare({ state }: Model, { store, planned }: Real): Promise<void> {
  const { status, jobs, endedAtMs } = await artifactOf(store, planned)
  expect({ status, jobs: jobs.map((job) => [job.status, job.attempts]) }).toEqual({
    status: state.artifact,
    jobs: state.jobs.map((job) => [job.status, job.epoch]),
  })
  expect(endedAtMs === null).toBe(state.jobs.some((job) => !isTerminalJob(job.status)))
  expectGapless(await eventsOf(store, planned))
}
