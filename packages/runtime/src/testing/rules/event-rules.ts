import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  eventsOf,
  expectGapless,
  LEASE_MS,
  leaseOf,
  newId,
  newScene,
  output,
  submit,
  work,
} from '../store-fixtures.ts'

export function eventRules(store: () => Store): void {
  it('tells every transition of an artifact and its jobs in order, the end of the artifact last', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    await work(store(), scene.sites[0]!)
    await work(store(), scene.node)
    const events = await eventsOf(store(), planned)
    expectGapless(events)
    expect(events.map(({ artifactStatus, job }) => `${artifactStatus} ${job?.stepIndex ?? '-'} ${job?.status ?? '-'}`)).toEqual([
      'SCHEDULED - -',
      'SCHEDULED 0 READY',
      'RUNNING - -',
      'RUNNING 0 RUNNING',
      'RUNNING 0 COMPLETED',
      'RUNNING 1 READY',
      'RUNNING 1 RUNNING',
      'RUNNING 1 COMPLETED',
      'COMPLETED - -',
    ])
    expect(events.map(({ job }) => job?.attempt ?? '-').join(' ')).toBe('- 0 - 1 1 0 1 1 -')
    const { createdAtMs, endedAtMs } = await artifactOf(store(), planned)
    const times = [createdAtMs, ...events.map(({ atMs }) => atMs)]
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(endedAtMs).toBeGreaterThanOrEqual(createdAtMs)
    expect(events[1]?.job).toEqual({
      id: planned.jobs[0]!.id,
      stepIndex: 0,
      operation: planned.jobs[0]!.operation.kind,
      component: { id: scene.sites[0], name: 'site 0' },
      status: 'READY',
      attempt: 0,
    })
  })

  it('ends a failed artifact with its failure, after the jobs that were cancelled', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const failure = { code: 'out_of_memory', message: 'too large' } as const
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, undefined)
    const events = (await eventsOf(store(), planned)).slice(-4)
    expect(events.map(({ job, artifactStatus }) => job?.status ?? artifactStatus)).toEqual([
      'FAILED',
      'CANCELLED',
      'CANCELLED',
      'FAILED',
    ])
    expect(events.map((event) => event.failure)).toEqual([failure, null, null, failure])
  })

  it('reads on after any event, at most a thousand at once', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene, { steps: [Array.from({ length: 1100 }, () => scene.sites[0]!)] })
    expect((await store().artifacts.events(planned.id, 0)).map(({ sequence }) => sequence)).toHaveLength(1000)
    expect((await store().artifacts.events(planned.id, 1099)).map(({ sequence }) => sequence)).toEqual([1100, 1101])
    expectGapless(await eventsOf(store(), planned))
    expect(await store().artifacts.events(planned.id, 1101)).toEqual([])
  })

  it('has no events of an unknown artifact, and none from calls that changed nothing', async () => {
    expect(await store().artifacts.events(newId('art'), 0)).toEqual([])
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const lease = leaseOf(await claim(store(), scene.sites[0]!))
    const before = await eventsOf(store(), planned)
    await store().jobs.renew(lease, LEASE_MS)
    await store().jobs.claim(scene.node, LEASE_MS)
    await store().jobs.complete({ ...lease, epoch: 9 }, output())
    expect(await eventsOf(store(), planned)).toEqual(before)
  })
}
