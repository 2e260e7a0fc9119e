import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  eventsOf,
  LEASE_MS,
  leaseOf,
  newScene,
  output,
  passTime,
  statusesOf,
  submit,
} from '../store-fixtures.ts'

const failure = { code: 'task_timeout', message: 'longer than allowed' } as const

export function failureRules(store: () => Store): void {
  it('gives a job back while attempts are left, and says why in its event', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene, { maxAttempts: 2 })
    const released = await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, 0)
    expect(released).toEqual({ kind: 'released', changes: { readyFor: scene.sites, artifactIds: [planned.id] } })
    expect((await eventsOf(store(), planned)).at(-1)).toMatchObject({ job: { status: 'READY' }, failure })
    expect(await claim(store(), scene.sites[0]!)).toMatchObject({ epoch: 2 })
  })

  it('hands a job out again only when its delay has passed, by the clock of the database', async () => {
    const scene = await newScene(store(), 1)
    await submit(scene)
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, 3_600_000)
    expect(await store().jobs.claim(scene.sites[0]!, LEASE_MS)).toBeUndefined()
    const [soon] = (await newScene(store(), 1)).sites
    const other = { ...scene, sites: [soon!] }
    await submit(other)
    await store().jobs.fail(leaseOf(await claim(store(), soon!)), failure, 5)
    await passTime(store(), 6)
    expect(await claim(store(), soon!)).toMatchObject({ epoch: 2 })
  })

  it('fails job and artifact when the attempts are spent, and cancels what else lives', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { maxAttempts: 2 })
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, 0)
    await claim(store(), scene.sites[1]!)
    const failed = await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, 0)
    expect(failed).toEqual({ kind: 'failed', changes: { readyFor: [], artifactIds: [planned.id] } })
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'CANCELLED', 'CANCELLED', 'CANCELLED'])
    const artifact = await artifactOf(store(), planned)
    expect(artifact).toMatchObject({ status: 'FAILED', failure, result: null })
    expect(artifact.failure).toEqual({ ...failure, jobId: planned.jobs[0]!.id })
    expect(artifact.jobs[0]).toMatchObject({ failure, attempts: 2, failures: [failure, failure] })
    expect(artifact.jobs[1]?.failure).toBeNull()
    expect(artifact.endedAtMs).toBeGreaterThanOrEqual(artifact.createdAtMs)
  })

  it('keeps why each attempt failed, lapsed leases among them, in order', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const other = { code: 'datasource_unavailable', message: `it's "away", \\ [1]` } as const
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), other, 0)
    await claim(store(), scene.sites[0]!, 1)
    await passTime(store(), 2)
    await store().jobs.expireLeases()
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), failure, 0)
    const [job] = (await artifactOf(store(), planned)).jobs
    expect(job?.failures.map(({ code }) => code)).toEqual(['datasource_unavailable', 'lease_expired', 'task_timeout'])
    expect(job?.failures[0]).toEqual(other)
    expect(await store().jobs.find(job!.id)).toEqual(job)
    const attempts = (await eventsOf(store(), planned)).flatMap((event) =>
      event.failure && event.job ? [event.job.attempt] : [],
    )
    expect(attempts).toEqual([1, 2, 3])
  })

  it('fails at once where another attempt would not help', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene, { maxAttempts: 5 })
    const lease = leaseOf(await claim(store(), scene.sites[0]!))
    expect((await store().jobs.fail(lease, failure, undefined)).kind).toBe('failed')
    expect((await artifactOf(store(), planned)).status).toBe('FAILED')
  })

  it('keeps what had completed when an artifact fails', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const done = leaseOf(await claim(store(), scene.sites[0]!))
    await store().jobs.complete(done, output())
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[1]!)), failure, undefined)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'FAILED', 'CANCELLED'])
    expect(await store().jobs.complete(done, output())).toEqual({ kind: 'duplicate' })
  })

  it('never wakes an artifact that has failed: nothing of it is handed out, and who still runs is refused (E3)', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene)
    const running = leaseOf(await claim(store(), scene.sites[1]!, 1))
    const failing = leaseOf(await claim(store(), scene.sites[0]!))
    await store().jobs.fail(failing, failure, undefined)
    const before = [await artifactOf(store(), planned), await eventsOf(store(), planned)]
    for (const id of [...scene.sites, scene.node]) expect(await store().jobs.claim(id, LEASE_MS)).toBeUndefined()
    expect(await store().jobs.complete(running, output())).toEqual({ kind: 'stale' })
    expect(await store().jobs.fail(running, failure, 0)).toEqual({ kind: 'stale' })
    expect(await store().jobs.fail(failing, failure, undefined)).toEqual({ kind: 'stale' })
    expect(await store().jobs.renew(running, LEASE_MS)).toBe(false)
    await passTime(store(), 2)
    expect((await store().jobs.expireLeases()).artifactIds).not.toContain(planned.id)
    expect([await artifactOf(store(), planned), await eventsOf(store(), planned)]).toEqual(before)
  })
}
