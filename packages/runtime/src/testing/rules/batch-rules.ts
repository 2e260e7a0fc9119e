import type { ComponentId } from '@flotta/contract'
import { expect, it } from 'vitest'
import { type ClaimedJob, type Store, TASK_CONTENT_BYTES } from '../../ports/store.ts'
import {
  claim,
  digestOf,
  eventsOf,
  expectGapless,
  LEASE_MS,
  leaseOf,
  newScene,
  output,
  passTime,
  plan,
  type Scene,
  statusesOf,
  submit,
  work,
} from '../store-fixtures.ts'

const SMALL = 30 * 1024

/** What comes at the same time may be done together; each member still gets what is its own. */
export function batchRules(store: () => Store): void {
  it('claims at the same time get each its own job, its own inputs and their contents', async () => {
    const scene = await newScene(store(), 3)
    const planned = plan(scene, { steps: [scene.sites, scene.sites] })
    // Each of the second step waits for the one before it in the ring alone.
    const jobs = planned.jobs.map((job) => {
      if (job.stepIndex === 0) return { ...job, feeds: job.ordinal }
      return { ...job, waitsFor: (job.ordinal - 3 + 2) % 3 }
    })
    const barriers = [0, 1, 2].map((index) => ({ index, needed: 1 }))
    expect((await store().artifacts.create({ ...planned, jobs, barriers })).kind).toBe('created')
    const firsts = await Promise.all(scene.sites.map((site) => claim(store(), site)))
    const contents = firsts.map((_, index) => new Uint8Array([index, index]))
    await Promise.all(
      firsts.map((job, i) => store().jobs.complete(leaseOf(job), { ...output(job.id), bytes: 2, content: contents[i]! })),
    )
    const seconds = await Promise.all(scene.sites.map((site) => claim(store(), site)))
    for (const [index, job] of seconds.entries()) {
      const before = (index + 2) % 3
      expect(job.inputs.map(({ producer }) => producer)).toEqual([scene.sites[before]])
      expect([...job.contents].map(([id, content]) => [id, [...content]])).toEqual([[firsts[before]!.outputId, [before, before]]])
      expect(job.recipients.map(({ id }) => id)).toEqual([scene.researcher])
    }
  })

  it('of completions at the same time each has the outcome that it would have had alone', async () => {
    const scene = await newScene(store(), 4)
    const planned = await submit(scene)
    const [done, fresh, old, foreign] = (await Promise.all(scene.sites.map((site) => claim(store(), site)))) as [
      ClaimedJob,
      ClaimedJob,
      ClaimedJob,
      ClaimedJob,
    ]
    await store().jobs.complete(leaseOf(done), output('done'))
    const outcomes = await Promise.all([
      store().jobs.complete(leaseOf(done), output('done')),
      store().jobs.complete(leaseOf(done), output('other')),
      store().jobs.complete(leaseOf(fresh), output('fresh')),
      store().jobs.complete(leaseOf(fresh), output('other')),
      store().jobs.complete({ ...leaseOf(old), epoch: 7 }, output()),
      store().jobs.complete({ ...leaseOf(foreign), componentId: scene.node }, output()),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['duplicate', 'conflict', 'completed', 'conflict', 'stale', 'stale'])
    await Promise.all([old, foreign].map((job) => store().jobs.complete(leaseOf(job), output(job.id))))
    await work(store(), scene.node)
    const events = await eventsOf(store(), planned)
    expectGapless(events)
    expect(events.filter(({ job }) => job?.status === 'COMPLETED')).toHaveLength(5)
  })

  it('a completion under an old lease takes nothing from one under the present lease that comes with it', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const [site, other] = scene.sites as [ComponentId, ComponentId]
    const old = leaseOf(await claim(store(), site, 1))
    await passTime(store(), 2)
    await store().jobs.expireLeases()
    const present = leaseOf(await claim(store(), site))
    const last = leaseOf(await claim(store(), other))
    const outcomes = await Promise.all([
      store().jobs.complete(old, output('old')),
      store().jobs.complete(last, output('last')),
      store().jobs.complete(present, output('present')),
      store().jobs.complete(old, output('present')),
      store().jobs.complete(present, output('present')),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stale', 'completed', 'completed', 'stale', 'duplicate'])
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'COMPLETED', 'READY'])
    const { inputs } = await claim(store(), scene.node)
    expect(inputs.map(({ digest }) => digest)).toEqual([digestOf('present'), digestOf('last')])
  })

  it('hands out with a job as many of its small inputs, in order, as a task may hold', async () => {
    const count = Math.floor(TASK_CONTENT_BYTES / SMALL) + 3
    const scene = await newScene(store(), 1)
    const site = scene.sites[0]!
    await submit(scene, { steps: [Array.from({ length: count }, () => site), [scene.node]] })
    await Promise.all(Array.from({ length: count }, () => completeNext(scene, site)))
    const { inputs, contents } = await claim(store(), scene.node)
    expect(inputs).toHaveLength(count)
    expect([...contents.keys()]).toEqual(inputs.slice(0, count - 3).map(({ resourceId }) => resourceId))
  })
}

async function completeNext({ store }: Scene, site: ComponentId): Promise<void> {
  const claimed = await store.jobs.claim(site, LEASE_MS)
  if (claimed === undefined) throw new Error('there was nothing to claim')
  const content = new Uint8Array(SMALL)
  await store.jobs.complete(leaseOf(claimed.job), { ...output(claimed.job.id), bytes: SMALL, content })
}
