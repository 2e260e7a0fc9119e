import type { Distribution, PlainStep, Step } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import type { PlannedArtifact, PlannedJob } from '../../src/ports/store.ts'
import { planArtifact } from '../../src/scheduling/plan-artifact.ts'
import { countJobs } from '../../src/scheduling/plan-size.ts'
import { contextOf, node, planOf, workerId } from './support/context.ts'
import { simulate } from './support/simulate.ts'
import { count, finalize, initialize, iterate, merge, parallel, roundRobin, secureSum, sequential } from './support/steps.ts'

type Kind = Distribution['kind']
const kinds: readonly Kind[] = ['Collect', 'Distribute', 'Arrange', 'RoundRobin', 'DirectToNext']

/** Where a step takes what it is given, and leaves what it makes: at the node, at every worker, or at one of them. */
type Place = 'node' | 'each' | 'one'

/** Every step whose products travel on by a distribution, with how many jobs it has for some workers. */
const leaving: Readonly<Record<string, { make: (kind: Kind) => Step; from: Place; jobs: (workers: number) => number }>> = {
  Initialize: { make: (kind) => initialize(kind), from: 'node', jobs: () => 1 },
  Parallel: { make: (kind) => parallel(kind), from: 'each', jobs: (workers) => workers },
  Sequential: { make: (kind) => sequential(kind), from: 'one', jobs: (workers) => workers },
  RoundRobin: { make: (kind) => roundRobin(kind), from: 'each', jobs: (workers) => workers * workers },
  'Iterate of Parallel': {
    make: (kind) => iterate(2, [parallel('Arrange')], { kind }),
    from: 'each',
    jobs: (workers) => 2 * workers,
  },
  'Iterate of Sequential': { make: (kind) => iterate(2, [sequential()], { kind }), from: 'one', jobs: (workers) => 2 * workers },
  'Iterate of Parallel and Finalize': {
    make: (kind) => iterate(2, [parallel('Collect'), finalize()], { kind }),
    from: 'node',
    jobs: (workers) => 2 * (workers + 1),
  },
}
const following: Readonly<Record<string, { step: PlainStep; at: Place; jobs: (workers: number) => number }>> = {
  Finalize: { step: finalize(), at: 'node', jobs: () => 1 },
  Parallel: { step: parallel('Collect'), at: 'each', jobs: (workers) => workers },
  Sequential: { step: sequential('Collect'), at: 'one', jobs: (workers) => workers },
  RoundRobin: { step: roundRobin('Collect'), at: 'each', jobs: (workers) => workers * workers },
}

/** The ways there are: to everybody who takes something, or by place in the ring. */
type Way = 'everything' | 'own' | "predecessor's"
const ways: Readonly<Record<Kind, (from: Place, to: Place) => Way | undefined>> = {
  Collect: (_, to) => (to === 'node' ? 'everything' : undefined),
  Distribute: (_, to) => (to === 'each' ? 'everything' : undefined),
  Arrange: (from, to) => (from === 'each' && to === 'each' ? 'own' : undefined),
  RoundRobin: (from, to) => (from === 'each' && to === 'each' ? "predecessor's" : undefined),
  DirectToNext: (from, to) => {
    if (from === 'each' && to === 'each') return "predecessor's"
    return from !== 'each' && to === 'one' ? 'everything' : undefined
  },
}

/** Whose products each job that begins a stretch of jobs is given, by the simulation of the whole plan. */
function givers(planned: PlannedArtifact, job: PlannedJob): string[] {
  const { inputs } = simulate(
    planned,
    () => 0,
    () => false,
  )
  return (inputs.get(job.ordinal) ?? []).map((ordinal) => planned.jobs[ordinal]!.componentId)
}

const rows = Object.entries(leaving).flatMap(([name, step]) =>
  kinds.flatMap((kind) =>
    Object.entries(following).map(([nextName, next]) => ({
      title: `${name}, ${kind}, ${nextName}`,
      step,
      kind,
      next,
      way: ways[kind](step.from, next.at),
    })),
  ),
)

const stepsOf = ({ step, kind, next }: (typeof rows)[number]): Step[] => [
  step.make(kind),
  next.step,
  ...(next.at === 'node' ? [] : [finalize()]),
]
const fitting = rows.flatMap(({ way, ...row }) =>
  way === undefined ? [] : [1, 2, 5].map((workers) => ({ ...row, way, workers })),
)

describe('a distribution', () => {
  it.each(rows.filter(({ way }) => way === undefined))('that leads nowhere is refused with its place: $title', (row) => {
    for (const workers of [1, 3]) {
      expect(() => planOf(stepsOf(row), workers)).toThrow(
        expect.objectContaining({
          code: 'invalid_artifact',
          issues: expect.arrayContaining([expect.objectContaining({ path: expect.stringMatching(/distribution$/) })]),
        }),
      )
    }
  })

  it.each(fitting)('leads every product where it belongs: $title, with $workers workers', ({ way, workers, ...row }) => {
    const { step, next } = row
    const planned = planOf(stepsOf({ ...row, way }), workers)
    const made = step.jobs(workers)
    expect(planned.jobs).toHaveLength(made + next.jobs(workers) + (next.at === 'node' ? 0 : 1))
    expect(planned.jobs).toHaveLength(countJobs(stepsOf({ ...row, way }), workers))
    const after = new Set(planned.jobs.slice(made).map(({ waitsFor }) => waitsFor))
    const exits = planned.jobs.slice(0, made).filter(({ feeds }) => after.has(feeds))
    expect(exits).toHaveLength(step.from === 'each' ? workers : 1)
    const wanted: Readonly<Record<Way, (place: number) => readonly string[]>> = {
      everything: () => exits.map(({ componentId }) => componentId),
      own: (place) => [workerId(place)],
      "predecessor's": (place) => [workerId((place + workers - 1) % workers)],
    }
    const entries = planned.jobs.slice(made, made + (next.at === 'each' ? workers : 1))
    for (const [place, job] of entries.entries()) {
      expect(job.componentId).toBe(next.at === 'node' ? node : workerId(place))
      expect(givers(planned, job).sort()).toEqual([...wanted[way](place)].sort())
    }
  })
})

/** A plan of each step alone, with the distribution that its products need. */
const plans: Readonly<Record<string, Step[]>> = {
  Initialize: [initialize()],
  Parallel: [parallel('Collect', count), finalize(merge)],
  Sequential: [sequential(), finalize()],
  RoundRobin: [roundRobin(), finalize()],
  SecureSum: [secureSum(), finalize(merge)],
  Finalize: [initialize(), finalize()],
  Iterate: [iterate(2, [parallel('Collect'), finalize()])],
}

describe.each(Object.entries(plans))('a plan of %s', (_, steps) => {
  const workers = 3

  it('without workers is refused', () => {
    expect(() => planOf(steps, 0)).toThrow(expect.objectContaining({ code: 'no_workers' }))
  })

  it('is the same whether a worker has one table of the project or several (E4)', () => {
    const once = contextOf(workers)
    const workerIds = [...once.workerIds, workerId(1), workerId(1), workerId(0)]
    expect(planArtifact({ label: '', steps }, { ...contextOf(workers), workerIds })).toEqual(
      planArtifact({ label: '', steps }, once),
    )
  })

  it('has rows in proportion to its jobs, and jobs in proportion to workers and rounds (RoundRobin: to what travels)', () => {
    for (const many of [10, 100, 200]) {
      const { jobs, barriers } = planOf(steps, many)
      const hops = steps.some(({ kind }) => kind === 'RoundRobin') ? many : 2
      expect(jobs.length).toBeLessThanOrEqual((many + 2) * hops)
      expect(jobs.length + barriers.length).toBeLessThan(2 * jobs.length)
    }
  })
})

describe('one worker', () => {
  it('alone makes every sum but a masked one, which would tell of it', () => {
    const refused = Object.entries(plans).flatMap(([name, steps]) => {
      try {
        planOf(steps, 1)
        return []
      } catch (error) {
        return [[name, (error as { code: string }).code]]
      }
    })
    expect(refused).toEqual([['SecureSum', 'quorum_not_met']])
  })
})
