import type { Artifact, Step } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedArtifact } from '../../src/ports/store.ts'
import { planArtifact } from '../../src/scheduling/plan-artifact.ts'
import { contextOf, idOf, node, planOf, submitter, workerId } from './support/context.ts'
import { count, finalize, initialize, iterate, merge, parallel, roundRobin, sequential } from './support/steps.ts'

/** Who does each job, and whose products it takes: `w1 < w0` is the second worker on what the first made. */
function drawn({ jobs }: PlannedArtifact): string[] {
  const name = (id: string) => (id === node ? 'node' : `w${[0, 1, 2, 3].findIndex((index) => workerId(index) === id)}`)
  return jobs.map(({ componentId, waitsFor }) => {
    const before = jobs.filter(({ feeds }) => feeds !== undefined && feeds === waitsFor)
    return [name(componentId), ...before.map(({ ordinal, componentId: producer }) => `${name(producer)}#${ordinal}`)].join(' < ')
  })
}

describe('planArtifact', () => {
  it('gives each worker one job a step, and the node one for Finalize, which waits for all of them', () => {
    const { jobs, barriers } = planOf([parallel('Collect', count), finalize(merge)])
    expect(jobs.map(({ componentId, waitsFor, feeds }) => [componentId, waitsFor, feeds])).toEqual([
      [workerId(0), undefined, 0],
      [workerId(1), undefined, 0],
      [workerId(2), undefined, 0],
      [node, 0, undefined],
    ])
    expect(barriers).toEqual([{ index: 0, needed: 3 }])
  })

  it('what a site produces may be read by the node alone, and only the last output by the researcher (A9, B7)', () => {
    const { jobs } = planOf([parallel('Collect', count), finalize(merge)])
    expect(jobs.slice(0, 3).every(({ recipientIds, released }) => !released && recipientIds.join() === node)).toBe(true)
    expect(jobs[3]).toMatchObject({ recipientIds: [submitter], released: true })
  })

  it('is the same plan whatever the order in which workers are listed', () => {
    const forward = contextOf(5)
    const backward = { ...contextOf(5), workerIds: [...forward.workerIds].reverse() }
    const steps = [parallel('Arrange'), roundRobin('Collect'), finalize(), sequential(), finalize()]
    const artifact: Artifact = { label: '', steps }
    expect(planArtifact(artifact, backward)).toEqual(planArtifact(artifact, forward))
  })

  it('writes rows linear in jobs for any number of workers (E7)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (workers) => {
        const { jobs, barriers } = planOf([parallel('Collect', count), finalize(merge)], workers)
        expect(jobs.length + barriers.length).toBe(workers + 2)
      }),
    )
  })

  it.each<[string, Step[], number, string[]]>([
    [
      'Initialize and Distribute: every worker gets what the node made',
      [initialize('Distribute'), parallel('Collect'), finalize()],
      2,
      ['node', 'w0 < node#0', 'w1 < node#0', 'node < w0#1 < w1#2'],
    ],
    [
      'Initialize before Finalize, without workers between: the node alone works',
      [initialize(), finalize()],
      2,
      ['node', 'node < node#0'],
    ],
    [
      'Sequential: one after the other on what the one before made, and the next step waits for the last (E10)',
      [initialize('DirectToNext'), sequential('Collect'), finalize()],
      3,
      ['node', 'w0 < node#0', 'w1 < w0#1', 'w2 < w1#2', 'node < w2#3'],
    ],
    [
      'Sequential at the beginning, then to all',
      [sequential('Distribute'), parallel('Collect'), finalize()],
      2,
      ['w0', 'w1 < w0#0', 'w0 < w1#1', 'w1 < w1#1', 'node < w0#2 < w1#3'],
    ],
    [
      'Arrange: each worker on what it made itself',
      [parallel('Arrange'), parallel('Collect'), finalize()],
      2,
      ['w0', 'w1', 'w0 < w0#0', 'w1 < w1#1', 'node < w0#2 < w1#3'],
    ],
    [
      'DirectToNext from all workers: each on what its predecessor in the ring made',
      [parallel('DirectToNext'), parallel('Collect'), finalize()],
      3,
      ['w0', 'w1', 'w2', 'w0 < w2#2', 'w1 < w0#0', 'w2 < w1#1', 'node < w0#3 < w1#4 < w2#5'],
    ],
    [
      'Distribute from all workers: each on what all made (E6)',
      [parallel('Distribute'), parallel('Collect'), finalize()],
      2,
      ['w0', 'w1', 'w0 < w0#0 < w1#1', 'w1 < w0#0 < w1#1', 'node < w0#2 < w1#3'],
    ],
    [
      'RoundRobin: products go round until each has met every worker (E11)',
      [roundRobin('Collect'), finalize()],
      3,
      [
        ...['w0', 'w1', 'w2'],
        ...['w0 < w2#2', 'w1 < w0#0', 'w2 < w1#1'],
        ...['w0 < w2#5', 'w1 < w0#3', 'w2 < w1#4'],
        'node < w0#6 < w1#7 < w2#8',
      ],
    ],
    [
      'Iterate: what a round made is the input of the next, at every worker and the node (E8), and more may follow (E9)',
      [iterate(2, [parallel('Collect'), finalize()]), parallel('Collect'), finalize()],
      2,
      [
        ...['w0', 'w1', 'node < w0#0 < w1#1'],
        ...['w0 < node#2', 'w1 < node#2', 'node < w0#3 < w1#4'],
        ...['w0 < node#5', 'w1 < node#5', 'node < w0#6 < w1#7'],
      ],
    ],
    [
      'Iterate after a step: the first round begins with what that made',
      [initialize(), iterate(1, [parallel('Collect'), finalize()])],
      1,
      ['node', 'w0 < node#0', 'node < w0#1'],
    ],
    [
      'Iterate with a distribution of its own: the last round leaves by it',
      [iterate(2, [parallel('RoundRobin')], { kind: 'Collect' }), finalize()],
      2,
      ['w0', 'w1', 'w0 < w1#1', 'w1 < w0#0', 'node < w0#2 < w1#3'],
    ],
    [
      'Iterate within Iterate',
      [iterate(2, [iterate(2, [sequential()]), finalize()])],
      1,
      ['w0', 'w0 < w0#0', 'node < w0#1', 'w0 < node#2', 'w0 < w0#3', 'node < w0#4'],
    ],
    [
      'one worker: it is its own successor',
      [roundRobin('RoundRobin'), parallel('DirectToNext'), parallel('Distribute'), parallel('Collect'), finalize()],
      1,
      ['w0', 'w0 < w0#0', 'w0 < w0#1', 'w0 < w0#2', 'node < w0#3'],
    ],
  ])('%s', (_, steps, workers, expected) => {
    expect(drawn(planOf(steps, workers))).toEqual(expected)
  })

  it('lets later steps use what the node made, and lets their doers read it', () => {
    const masked = [initialize(), sequential(), { ...finalize(), uses: [0] }]
    const { jobs } = planOf(masked, 2)
    expect(jobs[3]?.uses).toEqual([jobs[0]?.outputId])
    expect(jobs[0]?.recipientIds).toEqual([workerId(0), node].sort())
  })

  it('lets steps of a round use what the node made in the same round', () => {
    const { jobs } = planOf([iterate(2, [parallel('Collect'), finalize(), { ...parallel('Collect'), uses: [1] }, finalize()])], 1)
    expect(jobs[2]?.uses).toEqual([jobs[1]?.outputId])
    expect(jobs[6]?.uses).toEqual([jobs[5]?.outputId])
  })

  it('counts steps of rounds to their Iterate', () => {
    const { jobs } = planOf([initialize(), iterate(2, [parallel('Collect'), finalize()]), finalize()], 1)
    expect(jobs.map(({ stepIndex }) => stepIndex)).toEqual([0, 1, 1, 1, 1, 2])
  })

  it('one product for more components than a sealed stream takes is refused', () => {
    expect(() => planOf([initialize('Distribute'), parallel('Collect'), finalize()], 1025)).toThrow(/steps\[0\].*at most 1024/)
  })
})

describe('the end of rounds', () => {
  const converging = (after: Step[]) => planOf([iterate(4, [parallel('Collect'), finalize()], { tolerance: 0.01 }), ...after], 1)

  it('may come from the second round on, with the round before to compare with, but not with the last', () => {
    const { jobs } = converging([])
    expect(jobs.map(({ until }) => until?.previous)).toEqual([
      ...[undefined, undefined],
      ...[undefined, jobs[1]?.outputId],
      ...[undefined, jobs[3]?.outputId],
      ...[undefined, undefined],
    ])
    expect(jobs[3]?.until).toMatchObject({ skipFrom: 4, skipTo: 7 })
  })

  it('releases the product where the rounds are the last step, to the submitter alone', () => {
    const { jobs } = converging([])
    expect(jobs[3]).toMatchObject({ released: false, recipientIds: [workerId(0), node].sort() })
    expect(jobs[3]?.until).toMatchObject({ feeds: undefined, released: true, recipientIds: [submitter] })
  })

  it('leads to what follows the rounds, through the same barrier as their last round', () => {
    const { jobs } = converging([parallel('Collect'), finalize()])
    expect(jobs[3]?.until).toMatchObject({ feeds: jobs[7]?.feeds, released: false, recipientIds: [workerId(0)] })
    expect(jobs[8]?.waitsFor).toBe(jobs[7]?.feeds)
  })

  it('within rounds skips those of its own Iterate alone', () => {
    const inner = iterate(3, [parallel('Collect'), finalize()], { tolerance: 0.01 })
    const { jobs } = planOf([iterate(2, [inner, finalize()])], 1)
    const ends = jobs.flatMap(({ ordinal, until }) => (until ? [[ordinal, until.skipFrom, until.skipTo]] : []))
    expect(ends).toEqual([
      [3, 4, 5],
      [10, 11, 12],
    ])
  })
})

describe('identity', () => {
  it('keeps the ids that the caller made', () => {
    const planned = planOf([initialize()])
    expect(planned).toMatchObject({ id: idOf('art', 0), submitterId: submitter, jobs: [{ id: idOf('job', 0), released: true }] })
  })
})
