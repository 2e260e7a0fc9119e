import { type ComponentId, jobTransitions } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  crash,
  eventsOf,
  LEASE_MS,
  leaseOf,
  newId,
  newScene,
  output,
  statusesOf,
  submit,
  work,
} from '../store-fixtures.ts'

export function cancelRules(store: () => Store): void {
  it('cancels an artifact that nobody has begun: nothing of it is handed out', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const changes = { readyFor: [], artifactIds: [planned.id] }
    expect(await store().artifacts.cancel(planned.id)).toEqual({ kind: 'cancelled', changes })
    expect(await statusesOf(store(), planned)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
    for (const id of [...scene.sites, scene.node]) expect(await store().jobs.claim(id, LEASE_MS)).toBeUndefined()
    const artifact = await artifactOf(store(), planned)
    expect(artifact).toMatchObject({ status: 'CANCELLED', failure: null, result: null })
    expect((await eventsOf(store(), planned)).at(-1)).toMatchObject({ artifactStatus: 'CANCELLED', job: null })
    expect(artifact.endedAtMs).toBe((await eventsOf(store(), planned)).at(-1)?.atMs)
  })

  it('refuses whoever runs a job of it, whatever he says, and keeps what had completed', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const done = await work(store(), scene.sites[0]!)
    const running = leaseOf(await claim(store(), scene.sites[1]!))
    await store().artifacts.cancel(planned.id)
    const before = [await artifactOf(store(), planned), await eventsOf(store(), planned)]
    expect(await store().jobs.renew(running, LEASE_MS)).toBe(false)
    expect(await store().jobs.complete(running, output())).toEqual({ kind: 'stale' })
    expect(await store().jobs.fail(running, crash, 0)).toEqual({ kind: 'stale' })
    expect(await store().jobs.complete(leaseOf(done), output(done.id))).toEqual({ kind: 'duplicate' })
    expect([await artifactOf(store(), planned), await eventsOf(store(), planned)]).toEqual(before)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'CANCELLED', 'CANCELLED'])
  })

  it('moves jobs of every state as the table of transitions says, and hands none of them out any more', async () => {
    const scene = await newScene(store(), 4)
    const [first, second, third, fourth] = scene.sites as [ComponentId, ComponentId, ComponentId, ComponentId]
    const planned = await submit(scene, { quorum: 2, steps: [scene.sites, [first, second, third], [scene.node]] })
    await store().jobs.fail(leaseOf(await claim(store(), second)), crash, undefined)
    for (const site of [first, third]) await work(store(), site)
    const running = leaseOf(await claim(store(), first))
    await store().jobs.fail(leaseOf(await claim(store(), third)), crash, 0)
    const before = await statusesOf(store(), planned)
    expect(before).toEqual(['COMPLETED', 'FAILED', 'COMPLETED', 'SKIPPED', 'RUNNING', 'READY', 'READY', 'WAITING'])
    expect((await store().artifacts.cancel(planned.id)).kind).toBe('cancelled')
    expect(await statusesOf(store(), planned)).toEqual(before.map((status) => jobTransitions[status].cancel ?? status))
    for (const id of [first, second, third, fourth, scene.node]) expect(await store().jobs.claim(id, LEASE_MS)).toBeUndefined()
    expect(await store().jobs.renew(running, LEASE_MS)).toBe(false)
  })

  it('again is the same as once, also many times at once', async () => {
    const planned = await submit(await newScene(store(), 2))
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => store().artifacts.cancel(planned.id)))
    expect(outcomes.filter(({ kind }) => kind === 'cancelled')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.kind === 'ended' && outcome.status === 'CANCELLED')).toHaveLength(5)
  })

  it('leaves an artifact that has ended as it ended (E3), and knows none that never was', async () => {
    const scene = await newScene(store(), 1)
    const completed = await submit(scene)
    await work(store(), scene.sites[0]!)
    await work(store(), scene.node)
    const failed = await submit(scene)
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), crash, undefined)
    const before = [await artifactOf(store(), completed), await artifactOf(store(), failed)]
    expect(await store().artifacts.cancel(completed.id)).toEqual({ kind: 'ended', status: 'COMPLETED' })
    expect(await store().artifacts.cancel(failed.id)).toEqual({ kind: 'ended', status: 'FAILED' })
    expect([await artifactOf(store(), completed), await artifactOf(store(), failed)]).toEqual(before)
    expect(await store().artifacts.cancel(newId('art'))).toEqual({ kind: 'unknown' })
  })

  it('ends an artifact once when its completion and its cancelling meet', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await newScene(store(), 1)
      const planned = await submit(scene, { steps: [scene.sites] })
      const lease = leaseOf(await claim(store(), scene.sites[0]!))
      const [completion, cancelling] = await Promise.all([
        store().jobs.complete(lease, output()),
        store().artifacts.cancel(planned.id),
      ])
      const { status } = await artifactOf(store(), planned)
      expect([completion.kind, cancelling.kind]).toEqual(status === 'COMPLETED' ? ['completed', 'ended'] : ['stale', 'cancelled'])
      expect(
        (await eventsOf(store(), planned)).filter(({ job, artifactStatus }) => !job && artifactStatus === status),
      ).toHaveLength(1)
    }
  })
}
