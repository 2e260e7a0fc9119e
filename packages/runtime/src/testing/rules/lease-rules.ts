import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  crash,
  eventsOf,
  expectGapless,
  LEASE_MS,
  leaseOf,
  newId,
  newScene,
  output,
  passTime,
  statusesOf,
  submit,
} from '../store-fixtures.ts'

export function leaseRules(store: () => Store): void {
  it('takes a job back whose lease has run out, and hands it out again under the next epoch (E1)', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    await claim(store(), scene.sites[0]!, 1)
    await passTime(store(), 2)
    expect(await store().jobs.expireLeases()).toEqual({ readyFor: scene.sites, artifactIds: [planned.id], problems: [] })
    expect((await statusesOf(store(), planned))[0]).toBe('READY')
    const event = (await eventsOf(store(), planned)).at(-1)
    expect(event).toMatchObject({ artifactStatus: 'RUNNING', job: { status: 'READY' }, failure: { code: 'lease_expired' } })
    expect(await claim(store(), scene.sites[0]!)).toMatchObject({ id: planned.jobs[0]!.id, epoch: 2 })
    expect(await store().jobs.find(planned.jobs[0]!.id)).toMatchObject({ attempts: 2, failure: null })
  })

  it('leaves a lease that has not run out, and one that was renewed', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const renewed = leaseOf(await claim(store(), scene.sites[0]!, 1))
    await claim(store(), scene.sites[1]!)
    expect(await store().jobs.renew(renewed, LEASE_MS)).toBe(true)
    await passTime(store(), 2)
    expect(await store().jobs.expireLeases()).toEqual({ readyFor: [], artifactIds: [], problems: [] })
    expect(await statusesOf(store(), planned)).toEqual(['RUNNING', 'RUNNING', 'WAITING'])
  })

  it('leaves a lease that has run out since the look began, however late it comes to it', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    await claim(store(), scene.sites[0]!, 1)
    const lookedAtMs = (await store().nowMs()) - 1000
    await passTime(store(), 2)
    expect((await store().jobs.expireLeases(lookedAtMs)).artifactIds).toEqual([])
    expect((await statusesOf(store(), planned))[0]).toBe('RUNNING')
    expect((await store().jobs.expireLeases(await store().nowMs())).artifactIds).toEqual([planned.id])
  })

  it('shortens a lease too, when it is renewed for less', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    expect(await store().jobs.renew(leaseOf(await claim(store(), scene.sites[0]!)), 1)).toBe(true)
    await passTime(store(), 2)
    expect((await store().jobs.expireLeases()).artifactIds).toEqual([planned.id])
  })

  it('refuses the holder of an old lease whatever it says, and nothing changes (A5)', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const old = leaseOf(await claim(store(), scene.sites[0]!, 1))
    await passTime(store(), 2)
    await store().jobs.expireLeases()
    const now = leaseOf(await claim(store(), scene.sites[0]!))
    const before = [await artifactOf(store(), planned), await eventsOf(store(), planned)]
    expect(await store().jobs.renew(old, LEASE_MS)).toBe(false)
    expect(await store().jobs.complete(old, output())).toEqual({ kind: 'stale' })
    expect(await store().jobs.fail(old, crash, 0)).toEqual({ kind: 'stale' })
    expect(await store().jobs.fail(old, crash, undefined)).toEqual({ kind: 'stale' })
    expect([await artifactOf(store(), planned), await eventsOf(store(), planned)]).toEqual(before)
    expect((await store().jobs.complete(now, output())).kind).toBe('completed')
  })

  it('refuses another component, a future epoch and an unknown job, and nothing changes (A5)', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const lease = leaseOf(await claim(store(), scene.sites[0]!))
    const before = [await artifactOf(store(), planned), await eventsOf(store(), planned)]
    for (const wrong of [
      { ...lease, componentId: scene.sites[1]! },
      { ...lease, epoch: lease.epoch + 1 },
      { ...lease, jobId: newId('job') },
      { ...lease, jobId: planned.jobs[1]!.id },
    ]) {
      expect(await store().jobs.renew(wrong, LEASE_MS)).toBe(false)
      expect(await store().jobs.complete(wrong, output())).toEqual({ kind: 'stale' })
      expect(await store().jobs.fail(wrong, crash, undefined)).toEqual({ kind: 'stale' })
    }
    expect([await artifactOf(store(), planned), await eventsOf(store(), planned)]).toEqual(before)
  })

  it('has nothing to renew once a job has ended', async () => {
    const scene = await newScene(store(), 1)
    await submit(scene)
    const lease = leaseOf(await claim(store(), scene.sites[0]!))
    await store().jobs.complete(lease, output())
    expect(await store().jobs.renew(lease, LEASE_MS)).toBe(false)
  })

  it('fails the artifact when a lease runs out with the last attempt', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene, { maxAttempts: 1 })
    await claim(store(), scene.sites[0]!, 1)
    await passTime(store(), 2)
    expect(await store().jobs.expireLeases()).toEqual({ readyFor: [], artifactIds: [planned.id], problems: [] })
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'CANCELLED', 'CANCELLED'])
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'FAILED', failure: { code: 'lease_expired' } })
  })

  it('takes back many jobs of many artifacts at once, each with its event', async () => {
    const scene = await newScene(store(), 5)
    const planned = []
    for (let i = 0; i < 4; i++) planned.push(await submit(scene))
    for (const site of scene.sites) for (let i = 0; i < 4; i++) await claim(store(), site, 1)
    await passTime(store(), 2)
    const changes = await Promise.all([store().jobs.expireLeases(), store().jobs.expireLeases()])
    const artifactIds = changes.flatMap((each) => each.artifactIds)
    expect([...artifactIds].sort()).toEqual(planned.map(({ id }) => id).sort())
    expect(new Set(changes.flatMap(({ readyFor }) => readyFor))).toEqual(new Set(scene.sites))
    for (const each of planned) {
      expect(await statusesOf(store(), each)).toEqual(['READY', 'READY', 'READY', 'READY', 'READY', 'WAITING'])
      const events = await eventsOf(store(), each)
      expectGapless(events)
      expect(events.filter((event) => event.failure?.code === 'lease_expired')).toHaveLength(5)
    }
  })
}
