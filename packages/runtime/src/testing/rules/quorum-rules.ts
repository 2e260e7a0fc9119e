import { expect, it } from 'vitest'
import type { PlannedArtifact, Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  crash,
  eventsOf,
  leaseOf,
  newId,
  newScene,
  output,
  passTime,
  plan,
  type Scene,
  statusesOf,
  submit,
  work,
} from '../store-fixtures.ts'

const HOUR_MS = 3_600_000

/** Three steps that each site does by itself, one after the other, then one of the node, which the last of them has a quorum for. */
async function submitAlone(
  scene: Scene,
  { quorum, timeoutMs }: { readonly quorum: number; readonly timeoutMs?: number },
): Promise<PlannedArtifact> {
  const { sites } = scene
  const planned = plan(scene, { steps: [sites, sites, sites, [scene.node]] })
  const meeting = 2 * sites.length
  const jobs = planned.jobs.map((job) => ({
    ...job,
    waitsFor: [undefined, job.ordinal - sites.length, job.ordinal - sites.length, meeting][job.stepIndex],
    feeds: [job.ordinal, job.ordinal, meeting, undefined][job.stepIndex],
  }))
  const alone = Array.from({ length: meeting }, (_, index) => ({ index, needed: 1 }))
  const barriers = [...alone, { index: meeting, needed: quorum, timeoutMs }]
  expect((await scene.store.artifacts.create({ ...planned, jobs, barriers })).kind).toBe('created')
  return { ...planned, jobs, barriers }
}

export function quorumRules(store: () => Store): void {
  it('goes on with as many as are needed, and skips the others', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2 })
    await claim(store(), scene.sites[2]!)
    await work(store(), scene.sites[0]!)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'READY', 'RUNNING', 'WAITING'])
    await work(store(), scene.sites[1]!)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'COMPLETED', 'SKIPPED', 'READY'])
  })

  it('with a time limit waits for everybody, and goes on at once when all have come', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 1, timeoutMs: HOUR_MS })
    await work(store(), scene.sites[0]!)
    await work(store(), scene.sites[1]!)
    expect((await statusesOf(store(), planned)).at(-1)).toBe('WAITING')
    await work(store(), scene.sites[2]!)
    expect((await statusesOf(store(), planned)).at(-1)).toBe('READY')
  })

  it('at the deadline goes on with those who completed: the others are skipped, and told so if they come late', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2, timeoutMs: 1 })
    const done = [await work(store(), scene.sites[0]!), await work(store(), scene.sites[1]!)]
    const late = leaseOf(await claim(store(), scene.sites[2]!))
    await passTime(store(), 2)
    const changes = { readyFor: [scene.node], artifactIds: [planned.id], problems: [] }
    expect(await store().artifacts.passDeadlines()).toEqual(changes)
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'COMPLETED', 'SKIPPED', 'READY'])
    expect(await store().jobs.complete(late, output())).toEqual({ kind: 'stale' })
    const job = await claim(store(), scene.node)
    expect(job.inputs.map(({ resourceId }) => resourceId)).toEqual(done.map(({ outputId }) => outputId))
    expect(await store().artifacts.passDeadlines()).toEqual({ readyFor: [], artifactIds: [], problems: [] })
    await store().jobs.complete(leaseOf(job), output())
    expect((await artifactOf(store(), planned)).status).toBe('COMPLETED')
  })

  it('at the deadline names the one that was waited for, where it is a single one', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene, { timeoutMs: 1 })
    await passTime(store(), 2)
    await store().artifacts.passDeadlines()
    const { status, failure } = await artifactOf(store(), planned)
    expect({ status, failure }).toMatchObject({
      status: 'FAILED',
      failure: { code: 'quorum_not_met', jobId: planned.jobs[0]!.id },
    })
  })

  it('at the deadline fails with the figures and the names of who is missing when too few completed, and never fires again', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2, timeoutMs: 1 })
    await work(store(), scene.sites[1]!)
    await passTime(store(), 2)
    expect((await store().artifacts.passDeadlines()).artifactIds).toEqual([planned.id])
    const artifact = await artifactOf(store(), planned)
    expect(artifact).toMatchObject({ status: 'FAILED', failure: { code: 'quorum_not_met', jobId: null } })
    expect(artifact.failure?.message).toBe(
      'Step 0 needs 2 of its 3 workers within 0.001 s; 1 completed. Missing: site 0, site 2.',
    )
    expect(await statusesOf(store(), planned)).toEqual(['CANCELLED', 'COMPLETED', 'CANCELLED', 'CANCELLED'])
    expect(await store().artifacts.passDeadlines()).toEqual({ readyFor: [], artifactIds: [], problems: [] })
  })

  it('names a few of many who are missing, and says how many more there are', async () => {
    const scene = await newScene(store(), 9)
    const planned = await submit(scene, { timeoutMs: 1 })
    await work(store(), scene.sites[1]!)
    await passTime(store(), 2)
    await store().artifacts.passDeadlines()
    const { failure } = await artifactOf(store(), planned)
    expect(failure?.message).toMatch(/ Missing: site 0, site 2, site 3, site 4, site 5 and 3 more\.$/)
  })

  it('leaves a step alone whose time is not over', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene, { quorum: 1, timeoutMs: HOUR_MS })
    await work(store(), scene.sites[0]!)
    await store().artifacts.passDeadlines()
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'READY', 'WAITING'])
  })

  it('counts the time of a later step from when its jobs could begin', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene, { steps: [[scene.node], scene.sites, [scene.node]], timeoutMs: 1, timedStep: 1 })
    await passTime(store(), 2)
    expect(await store().artifacts.passDeadlines()).toEqual({ readyFor: [], artifactIds: [], problems: [] })
    await work(store(), scene.node)
    await passTime(store(), 2)
    expect((await store().artifacts.passDeadlines()).artifactIds).toEqual([planned.id])
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'FAILED', failure: { code: 'quorum_not_met' } })
  })

  it('skips as well what only stragglers would take, however far before them, and completes with the result', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submitAlone(scene, { quorum: 2 })
    for (const site of scene.sites.slice(0, 2)) for (let step = 0; step < 3; step++) await work(store(), site)
    const straggler = ['SKIPPED', 'SKIPPED', 'SKIPPED']
    const statuses = await statusesOf(store(), planned)
    expect([2, 5, 8].map((ordinal) => statuses[ordinal])).toEqual(straggler)
    expect(await store().jobs.claim(scene.sites[2]!, 1000)).toBeUndefined()
    await work(store(), scene.node)
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'COMPLETED', failure: null })
  })

  it('a straggler who works at what nobody takes any more is told so, and fails nobody', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submitAlone(scene, { quorum: 1 })
    const late = leaseOf(await claim(store(), scene.sites[1]!))
    for (let step = 0; step < 3; step++) await work(store(), scene.sites[0]!)
    expect(await store().jobs.renew(late, 1000)).toBe(false)
    expect(await store().jobs.fail(late, crash, undefined)).toEqual({ kind: 'stale' })
    await work(store(), scene.node)
    expect((await artifactOf(store(), planned)).status).toBe('COMPLETED')
  })

  it('leaves who comes before a straggler alone while somebody else waits for it', async () => {
    const scene = await newScene(store(), 2)
    const planned = plan(scene, { steps: [[scene.sites[1]!], scene.sites, [scene.node]] })
    // The first step is for both of the second, of which the first one waits for nothing and is enough.
    const jobs = planned.jobs.map((job) => (job.ordinal === 1 ? { ...job, waitsFor: undefined } : job))
    const last = { ...planned.jobs[3]!, id: newId('job'), outputId: newId('res'), ordinal: 4, waitsFor: 0, released: false }
    const barriers = [planned.barriers[0]!, { index: 1, needed: 1 }]
    expect((await store().artifacts.create({ ...planned, jobs: [...jobs, last], barriers })).kind).toBe('created')
    await work(store(), scene.sites[0]!)
    expect(await statusesOf(store(), planned)).toEqual(['READY', 'COMPLETED', 'SKIPPED', 'READY', 'WAITING'])
  })

  it('a deadline runs once: from when the first job of the step can begin, whoever can begin later', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submitAlone(scene, { quorum: 1, timeoutMs: 40 })
    await work(store(), scene.sites[0]!)
    await work(store(), scene.sites[0]!)
    await passTime(store(), 30)
    await work(store(), scene.sites[1]!)
    await work(store(), scene.sites[1]!)
    await work(store(), scene.sites[0]!)
    await passTime(store(), 11)
    expect((await store().artifacts.passDeadlines()).artifactIds).toContain(planned.id)
    expect((await statusesOf(store(), planned)).slice(6)).toEqual(['COMPLETED', 'SKIPPED', 'SKIPPED', 'READY'])
  })

  it('a job that failed for good counts as missing while enough others can still complete', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2, timeoutMs: HOUR_MS })
    const failed = await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), crash, undefined)
    expect(failed).toEqual({ kind: 'failed', changes: { readyFor: [], artifactIds: [planned.id] } })
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'READY', 'READY', 'WAITING'])
    await work(store(), scene.sites[1]!)
    await work(store(), scene.sites[2]!)
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'COMPLETED', 'COMPLETED', 'READY'])
    await work(store(), scene.node)
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'COMPLETED', failure: null })
    expect((await artifactOf(store(), planned)).jobs[0]).toMatchObject({ failure: crash, failures: [crash] })
  })

  it('opens when the last one fails and enough have completed', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene, { quorum: 1, timeoutMs: HOUR_MS })
    await work(store(), scene.sites[0]!)
    const last = await store().jobs.fail(leaseOf(await claim(store(), scene.sites[1]!)), crash, undefined)
    expect(last).toMatchObject({ kind: 'failed', changes: { readyFor: [scene.node] } })
    expect(await statusesOf(store(), planned)).toEqual(['COMPLETED', 'FAILED', 'READY'])
  })

  it('fails as soon as too few are left to make the quorum, and names the job that made it so', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 2 })
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[0]!)), crash, undefined)
    expect((await artifactOf(store(), planned)).status).toBe('RUNNING')
    await store().jobs.fail(leaseOf(await claim(store(), scene.sites[2]!)), crash, undefined)
    const artifact = await artifactOf(store(), planned)
    expect(artifact).toMatchObject({ status: 'FAILED', failure: { code: 'quorum_not_met', jobId: planned.jobs[2]!.id } })
    expect(artifact.failure?.message).toBe('Step 0 needs 2 of its 3 workers; 0 completed. Missing: site 0, site 2.')
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'CANCELLED', 'FAILED', 'CANCELLED'])
    expect((await eventsOf(store(), planned)).at(-1)).toMatchObject({
      artifactStatus: 'FAILED',
      failure: { code: 'quorum_not_met' },
    })
  })

  it('lapsed last attempts of several count each', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene, { quorum: 1, maxAttempts: 1 })
    await claim(store(), scene.sites[0]!, 1)
    await claim(store(), scene.sites[1]!, 1)
    await passTime(store(), 2)
    await store().jobs.expireLeases()
    expect(await statusesOf(store(), planned)).toEqual(['FAILED', 'FAILED', 'READY', 'WAITING'])
    expect((await artifactOf(store(), planned)).status).toBe('RUNNING')
  })

  it('opens once when the deadline and the last completion meet', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await newScene(store(), 2)
      const planned = await submit(scene, { quorum: 1, timeoutMs: 1 })
      await work(store(), scene.sites[0]!)
      const lease = leaseOf(await claim(store(), scene.sites[1]!))
      await passTime(store(), 2)
      await Promise.all([store().jobs.complete(lease, output()), store().artifacts.passDeadlines()])
      const opened = (await eventsOf(store(), planned)).filter(({ job }) => job?.stepIndex === 1)
      expect(opened.map(({ job }) => job?.status)).toEqual(['READY'])
    }
  })
}
