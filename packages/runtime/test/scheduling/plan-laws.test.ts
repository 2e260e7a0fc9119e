import type { Step } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedArtifact } from '../../src/ports/store.ts'
import { countJobs, MAX_JOBS, sizeProblems } from '../../src/scheduling/plan-size.ts'
import { anyPlan } from './support/any-plan.ts'
import { node, planOf, submitter } from './support/context.ts'
import { simulate } from './support/simulate.ts'
import { finalize, iterate, merge, parallel, roundRobin, secureSum } from './support/steps.ts'

/** Within the limits of a plan, and of a test. */
const isSmall = (steps: Step[], count: number) => sizeProblems(steps, count).length === 0 && countJobs(steps, count) <= 300
/** A secure sum needs three workers. */
const isForSo = (steps: Step[], count: number) => count >= 3 || !JSON.stringify(steps).includes('SecureSum')

const workers = fc.integer({ min: 1, max: 8 })
const runnable = fc
  .tuple(anyPlan, workers)
  .filter(([steps, count]) => isSmall(steps, count) && isForSo(steps, count))
  .map(([steps, count]) => planOf(steps, count))
const choices = fc.infiniteStream(fc.nat(1000))
const next = (stream: Iterator<number>) => Number(stream.next().value)
const never = () => false

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** The jobs that take or use each output, or are told to compare with it. */
function consumersOf({ jobs }: PlannedArtifact): Map<string, Set<string>> {
  const consumers = new Map(jobs.map(({ outputId }) => [outputId as string, new Set<string>()]))
  const waiting = groupBy(jobs, ({ waitsFor }) => waitsFor)
  for (const job of jobs) {
    const own = consumers.get(job.outputId)
    if (job.feeds !== undefined) for (const { componentId } of waiting.get(job.feeds) ?? []) own?.add(componentId)
    if (job.released) own?.add(submitter)
    for (const id of job.uses) consumers.get(id)?.add(job.componentId)
    if (job.until) consumers.get(job.until.previous)?.add(job.componentId)
  }
  return consumers
}

describe('any plan that is accepted', () => {
  it('completes, whichever ready job is done first, and releases one product of the node', () => {
    fc.assert(
      fc.property(runnable, choices, (planned, stream) => {
        const { status, result } = simulate(planned, () => next(stream), never)
        expect(new Set(status)).toEqual(new Set(['COMPLETED']))
        expect(result).toMatchObject({ ordinal: planned.jobs.length - 1, componentId: node })
        expect(planned.jobs.filter(({ released }) => released)).toHaveLength(1)
      }),
    )
  })

  it('completes or skips every job, whichever rounds are the last ones, and still releases a product of the node', () => {
    fc.assert(
      fc.property(runnable, choices, (planned, stream) => {
        const { status, result } = simulate(
          planned,
          () => next(stream),
          () => next(stream) % 2 === 0,
        )
        expect(status).not.toContain('WAITING')
        expect(result?.componentId).toBe(node)
      }),
    )
  })

  it('gives each job the same inputs whatever the timing', () => {
    fc.assert(
      fc.property(runnable, choices, (planned, stream) => {
        const calm = simulate(planned, () => 0, never)
        const shuffled = simulate(planned, () => next(stream), never)
        expect(new Map([...shuffled.inputs].sort(([a], [b]) => a - b))).toEqual(
          new Map([...calm.inputs].sort(([a], [b]) => a - b)),
        )
      }),
    )
  })

  it('waits for earlier jobs alone, by a barrier that all of its feeders can open', () => {
    fc.assert(
      fc.property(runnable, ({ jobs, barriers }) => {
        expect(jobs.map(({ ordinal }) => ordinal)).toEqual(jobs.map((_, place) => place))
        expect(barriers.map(({ index }) => index)).toEqual(barriers.map((_, place) => place))
        const feeders = groupBy(jobs, ({ feeds }) => feeds)
        for (const { ordinal, waitsFor } of jobs) {
          if (waitsFor === undefined) continue
          const before = feeders.get(waitsFor) ?? []
          expect(before).toHaveLength(barriers[waitsFor]?.needed ?? -1)
          expect(before.every((job) => job.ordinal < ordinal)).toBe(true)
        }
      }),
    )
  })

  it('lets exactly those read a product who take it, use it or compare with it, and the submitter the last one (A9)', () => {
    fc.assert(
      fc.property(runnable, (planned) => {
        const consumers = consumersOf(planned)
        for (const { outputId, recipientIds } of planned.jobs) {
          expect([...recipientIds].sort()).toEqual([...(consumers.get(outputId) ?? [])].sort())
        }
      }),
    )
  })

  it('has no more barriers than jobs, and of both as many as steps times workers times rounds (E7)', () => {
    fc.assert(
      fc.property(anyPlan, workers, (steps, count) => {
        fc.pre(isSmall(steps, count) && isForSo(steps, count))
        const { jobs, barriers } = planOf(steps, count)
        expect(jobs).toHaveLength(countJobs(steps, count))
        expect(barriers.length).toBeLessThan(jobs.length)
      }),
    )
  })
})

describe('RoundRobin', () => {
  it('lets each product meet every worker once, with no more jobs at work than workers (E11)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
        const planned = planOf([roundRobin('Collect'), finalize()], count)
        const { inputs } = simulate(planned, () => 0, never)
        const meets = (ordinal: number): string[] => [
          ...(inputs.get(ordinal) ?? []).flatMap(meets),
          planned.jobs[ordinal]?.componentId ?? '',
        ]
        const arrived = inputs.get(count * count) ?? []
        expect(arrived).toHaveLength(count)
        for (const ordinal of arrived) expect(new Set(meets(ordinal)).size).toBe(count)
        expect(arrived.map((ordinal) => meets(ordinal)[0]).sort()).toEqual(
          [...new Set(planned.jobs.slice(0, count).map((job) => job.componentId))].sort(),
        )
        expect(planned.jobs.filter(({ waitsFor }) => waitsFor === undefined)).toHaveLength(count)
      }),
    )
  })
})

describe('SecureSum', () => {
  it('meets every worker once and ends where it began; the mask is read by its maker alone, each sum by one other worker', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 20 }), (count) => {
        const { jobs } = planOf([secureSum(), finalize(merge)], count)
        const parts = jobs.map(({ operation }) => (operation.kind === 'SecureSum' ? operation.part : operation.kind))
        expect(parts).toEqual(['mask', ...new Array(count).fill('add'), 'unmask', 'Aggregation'])
        const [mask, ...adding] = jobs.slice(0, count + 1)
        const [unmask, final] = jobs.slice(count + 1)
        expect(new Set(adding.map(({ componentId }) => componentId)).size).toBe(count)
        expect(mask?.recipientIds).toEqual([mask?.componentId])
        for (const [place, { recipientIds, componentId }] of adding.entries()) {
          expect(recipientIds).toEqual([(adding[place + 1] ?? unmask)?.componentId])
          expect(recipientIds).not.toContain(componentId)
        }
        expect(unmask).toMatchObject({ componentId: mask?.componentId, uses: [mask?.outputId], recipientIds: [node] })
        expect(final).toMatchObject({ componentId: node, released: true, recipientIds: [submitter] })
      }),
    )
  })
})

describe('the size of a plan', () => {
  it('a hundred rounds of fifty workers are 5,100 jobs and 200 barriers', () => {
    const { jobs, barriers } = planOf([iterate(100, [parallel('Collect'), finalize()])], 50)
    expect([jobs.length, barriers.length]).toEqual([5100, 199])
  })

  it('fifty workers that give to all others share one barrier', () => {
    expect(planOf([parallel('Distribute'), parallel('Collect'), finalize()], 50).barriers).toHaveLength(2)
  })

  it.each([
    ['rounds within rounds', [iterate(10_000, [iterate(10_000, [finalize()])])]],
    ['many workers in a ring', [roundRobin(), finalize()]],
  ])('%s beyond what one transaction holds are refused by counting', (_, steps) => {
    expect(() => planOf(steps, 300)).toThrow(new RegExp(`at most ${MAX_JOBS}`))
  })

  it('rounds are nested four deep at most', () => {
    const nest = (depth: number): ReturnType<typeof iterate> => iterate(1, [depth === 1 ? parallel('Collect') : nest(depth - 1)])
    expect(planOf([nest(4), finalize()]).jobs).toHaveLength(4)
    expect(() => planOf([nest(5), finalize()])).toThrow(/at most 4 deep/)
  })
})
