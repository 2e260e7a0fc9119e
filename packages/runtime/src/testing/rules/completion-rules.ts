import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { artifactOf, claim, digestOf, eventsOf, leaseOf, newScene, output, statusesOf, submit, work } from '../store-fixtures.ts'

export function completionRules(store: () => Store): void {
  it('opens a barrier with the last job before it, and wakes who waited', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const leases = [leaseOf(await claim(store(), scene.sites[0]!)), leaseOf(await claim(store(), scene.sites[1]!))]
    const quiet = { kind: 'completed', changes: { readyFor: [], artifactIds: [planned.id] } }
    expect(await store().jobs.complete(leases[0]!, output())).toEqual(quiet)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'RUNNING', 'WAITING'])
    const opened = { kind: 'completed', changes: { readyFor: [scene.node], artifactIds: [planned.id] } }
    expect(await store().jobs.complete(leases[1]!, output())).toEqual(opened)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'COMPLETED', 'READY'])
  })

  it('completes the artifact with its last job; the released output is the result, and not before', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene, { steps: [[scene.node], scene.sites] })
    await work(store(), scene.node)
    const released = await work(store(), scene.sites[0]!)
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'RUNNING', result: null, endedAtMs: null })
    await work(store(), scene.sites[1]!)
    const ended = await artifactOf(store(), planned)
    expect(ended.status).toBe('COMPLETED')
    expect(ended.result).toEqual({ id: released.outputId, bytes: released.id.length, digest: digestOf(released.id) })
    expect(ended.endedAtMs).toBe((await eventsOf(store(), planned)).at(-1)?.atMs)
  })

  it('keeps the metrics of a job', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const metrics = { records: 90, testRecords: 10, accuracy: 0.9, precision: 0.8, recall: 0.7, f1: 0.75, rocAuc: null }
    await store().jobs.complete(leaseOf(await claim(store(), scene.sites[0]!)), { ...output(), metrics })
    expect((await artifactOf(store(), planned)).jobs[0]).toMatchObject({ status: 'COMPLETED', metrics, attempts: 1 })
  })

  it('knows a completion that took effect before, also after the artifact has ended, and changes nothing', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const job = await work(store(), scene.sites[0]!)
    expect(await store().jobs.complete(leaseOf(job), output(job.id))).toEqual({ kind: 'duplicate' })
    await work(store(), scene.node)
    const before = [await artifactOf(store(), planned), await eventsOf(store(), planned)]
    expect(await store().jobs.complete(leaseOf(job), output(job.id))).toEqual({ kind: 'duplicate' })
    expect([await artifactOf(store(), planned), await eventsOf(store(), planned)]).toEqual(before)
  })

  it('refuses another output for a job that has completed', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const lease = leaseOf(await work(store(), scene.sites[0]!))
    const before = await artifactOf(store(), planned)
    expect(await store().jobs.complete(lease, output('another'))).toEqual({ kind: 'conflict' })
    expect(await artifactOf(store(), planned)).toEqual(before)
  })

  it('knows a duplicate by component and epoch as well (A5)', async () => {
    const scene = await newScene(store(), 2)
    await submit(scene)
    const job = await work(store(), scene.sites[0]!)
    const lease = leaseOf(job)
    expect(await store().jobs.complete({ ...lease, componentId: scene.sites[1]! }, output(job.id))).toEqual({ kind: 'stale' })
    expect(await store().jobs.complete({ ...lease, epoch: 2 }, output(job.id))).toEqual({ kind: 'stale' })
    expect(await store().jobs.complete({ ...lease, epoch: 0 }, output(job.id))).toEqual({ kind: 'stale' })
  })

  it('opens a barrier by quorum, skips who is missing, and leaves their output out', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2 })
    const late = leaseOf(await claim(store(), scene.sites[1]!))
    const inputs = [await work(store(), scene.sites[2]!), await work(store(), scene.sites[0]!)].reverse()
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'SKIPPED', 'COMPLETED', 'READY'])
    expect(await store().jobs.complete(late, output())).toEqual({ kind: 'stale' })
    const job = await claim(store(), scene.node)
    expect(job.inputs.map(({ resourceId }) => resourceId)).toEqual(inputs.map(({ outputId }) => outputId))
    await store().jobs.complete(leaseOf(job), output())
    expect((await artifactOf(store(), planned)).status).toBe('COMPLETED')
  })
}
