import { isTerminalArtifact } from '@flotta/contract'
import {
  cancel,
  claim,
  complete,
  deadlineRuns,
  expire,
  fail,
  initialState,
  type ModelPlan,
  type ModelState,
  passDeadline,
} from '../../src/testing/model/scheduler-model.ts'

/** What a client said. It stays on the network for ever: it may arrive late, in any order, many times, or never. */
export interface Message {
  readonly job: number
  readonly epoch: number
  readonly says: 'complete' | 'fail'
}

/** The scheduler, what its clients are working on, and what is on its way. */
export interface World {
  readonly state: ModelState
  /** Leases that a living client works under. */
  readonly held: readonly { readonly job: number; readonly epoch: number }[]
  readonly sent: readonly Message[]
}

export interface Move {
  readonly name: string
  readonly to: World
}

export const beginning = (plan: ModelPlan): World => ({ state: initialState(plan), held: [], sent: [] })

/** Everything that can happen next. */
export function moves(plan: ModelPlan, world: World): Move[] {
  const { state, held, sent } = world
  const with_ = (name: string, change: Partial<World>): Move => ({ name, to: { ...world, ...change } })
  const places = [...plan.jobs.keys()]
  return [
    ...places
      .filter((job) => state.jobs[job]!.status === 'READY')
      .map((job) => {
        const next = claim(state, job)
        return with_(`claim ${job}`, { state: next, held: [...held, { job, epoch: next.jobs[job]!.epoch }] })
      }),
    ...held.flatMap((lease) =>
      (['complete', 'fail'] as const).map((says) =>
        with_(`say ${says} ${lease.job}`, {
          held: held.filter((each) => each !== lease),
          sent: [...sent, { ...lease, says }],
        }),
      ),
    ),
    ...sent.map((message) => with_(`arrive ${JSON.stringify(message)}`, { state: arrive(plan, state, message) })),
    ...[0, 1]
      .filter((client) => held.some(({ job }) => plan.jobs[job]!.doer === client))
      .map((client) => with_(`crash ${client}`, { held: held.filter(({ job }) => plan.jobs[job]!.doer !== client) })),
    ...places
      .filter((job) => state.jobs[job]!.status === 'RUNNING')
      .map((job) => with_(`expire ${job}`, { state: expire(plan, state, [job]) })),
    ...[...plan.barriers.keys()]
      .filter((barrier) => deadlineRuns(plan, state, barrier))
      .map((barrier) => with_(`deadline ${barrier}`, { state: passDeadline(plan, state, barrier) })),
    ...(isTerminalArtifact(state.artifact) ? [] : [with_('cancel', { state: cancel(state) })]),
  ]
}

function arrive(plan: ModelPlan, state: ModelState, { job, epoch, says }: Message): ModelState {
  return says === 'complete'
    ? complete(plan, state, job, epoch, `digest of ${job} under ${epoch}`).state
    : fail(plan, state, job, epoch, true).state
}

/** The same text for the same world, in whatever order its parts came about. */
export function keyOf({ state, held, sent }: World): string {
  const jobs = state.jobs.map(({ status, epoch, digest }) => `${status}${epoch}${digest?.at(-1) ?? ''}`)
  const barriers = state.barriers.map(({ arrived, lost }) => `${arrived}/${lost}`)
  const leases = held.map(({ job, epoch }) => `${job}.${epoch}`).sort()
  const messages = sent.map(({ job, epoch, says }) => `${job}.${epoch}${says[0]}`).sort()
  return [state.artifact, ...jobs, ...barriers, '|', ...leases, '|', ...messages].join(' ')
}
