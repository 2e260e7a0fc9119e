import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { artifactOf, newId, newScene, plan, statusesOf, submit } from '../store-fixtures.ts'

export function artifactRules(store: () => Store): void {
  it('reads an artifact back as it was planned, with its jobs by ordinal', async () => {
    const scene = await newScene(store())
    const before = await store().nowMs()
    const planned = await submit(scene)
    const found = await artifactOf(store(), planned)
    const { id, projectId, submitterId } = planned
    expect(found).toMatchObject({ id, projectId, submitterId, label: 'mean age', status: 'SCHEDULED' })
    expect(found).toMatchObject({ endedAtMs: null, failure: null, result: null })
    expect(found.createdAtMs).toBeGreaterThanOrEqual(before)
    expect(found.createdAtMs).toBeLessThanOrEqual(await store().nowMs())
    expect(found.jobs.map((job) => ({ ...job, component: job.component.id }))).toEqual(
      planned.jobs.map((job) => ({
        id: job.id,
        artifactId: id,
        ordinal: job.ordinal,
        stepIndex: job.stepIndex,
        component: job.componentId,
        operation: job.operation.kind,
        status: job.waitsFor === undefined ? 'READY' : 'WAITING',
        attempts: 0,
        metrics: null,
        failure: null,
        failures: [],
        outputId: job.outputId,
      })),
    )
    expect(found.jobs[0]?.component.name).toBe('site 0')
  })

  it('finds each job of an artifact by itself, and none that is unknown', async () => {
    const planned = await submit(await newScene(store()))
    const { jobs } = await artifactOf(store(), planned)
    for (const job of jobs) expect(await store().jobs.find(job.id)).toEqual(job)
    expect(await store().jobs.find(newId('job'))).toBeUndefined()
    expect(await store().artifacts.find(newId('art'))).toBeUndefined()
  })

  it('says who is to be woken: components with work, each once, and the artifact', async () => {
    const scene = await newScene(store(), 2)
    const planned = plan(scene, { steps: [[...scene.sites, scene.sites[0]!], [scene.node]] })
    const outcome = await store().artifacts.create(planned)
    expect(outcome).toEqual({ kind: 'created', changes: { readyFor: scene.sites, artifactIds: [planned.id] } })
  })

  it('makes one artifact of a request that is sent twice', async () => {
    const scene = await newScene(store())
    const planned = await submit(scene)
    const again = plan(scene, { requestId: planned.requestId })
    expect(await store().artifacts.create(again)).toEqual({ kind: 'exists', artifactId: planned.id })
    expect(await store().artifacts.find(again.id)).toBeUndefined()
  })

  it('finds what a request has made, in whatever state that is, and nothing of a request that never came', async () => {
    const scene = await newScene(store())
    const planned = await submit(scene)
    const { id: artifactId, projectId, requestId, requestDigest, jobs } = planned
    const made = { artifactId, projectId, requestDigest, jobs: jobs.length }
    expect(await store().artifacts.findRequest(scene.researcher, requestId)).toEqual({ ...made, status: 'SCHEDULED' })
    await store().artifacts.cancel(artifactId)
    expect(await store().artifacts.findRequest(scene.researcher, requestId)).toEqual({ ...made, status: 'CANCELLED' })
    expect(await store().artifacts.findRequest(scene.researcher, newId('art'))).toBeUndefined()
    expect(await store().artifacts.findRequest(scene.node, requestId)).toBeUndefined()
  })

  it('makes one artifact of a request that comes many times at once', async () => {
    const scene = await newScene(store())
    const requestId = newId('art')
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store().artifacts.create(plan(scene, { requestId }))))
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'exists')).toHaveLength(7)
  })

  it('tells a request with another plan or for another project apart', async () => {
    const scene = await newScene(store())
    const { requestId } = await submit(scene)
    const otherPlan = { ...plan(scene, { requestId }), requestDigest: 'another' }
    expect(await store().artifacts.create(otherPlan)).toEqual({ kind: 'conflict' })
    const { projectId } = await newScene(store(), 0)
    expect(await store().artifacts.create({ ...plan(scene, { requestId }), projectId })).toEqual({ kind: 'conflict' })
  })

  it('keeps the requests of two researchers apart, whatever they call them (A7)', async () => {
    const [one, two] = [await newScene(store()), await newScene(store())]
    const mine = await submit(one)
    const theirs = plan(two, { requestId: mine.requestId })
    expect((await store().artifacts.create(theirs)).kind).toBe('created')
    expect((await artifactOf(store(), theirs)).submitterId).toBe(two.researcher)
  })

  it('writes an artifact wholly or not at all', async () => {
    const scene = await newScene(store())
    const planned = plan(scene)
    const jobs = [...planned.jobs, { ...planned.jobs[0]!, ordinal: planned.jobs.length, outputId: newId('res') }]
    await expect(store().artifacts.create({ ...planned, jobs })).rejects.toThrow()
    expect(await store().artifacts.find(planned.id)).toBeUndefined()
    expect(await store().jobs.find(planned.jobs[0]!.id)).toBeUndefined()
    expect(await store().jobs.claim(scene.sites[0]!, 60_000)).toBeUndefined()
    expect((await store().artifacts.create(planned)).kind).toBe('created')
  })

  it('takes an artifact of many jobs', async () => {
    const scene = await newScene(store(), 40)
    const planned = await submit(scene, { steps: Array.from({ length: 40 }, () => scene.sites) })
    const statuses = await statusesOf(store(), planned)
    expect(statuses.filter((status) => status === 'READY')).toHaveLength(40)
    expect(statuses.filter((status) => status === 'WAITING')).toHaveLength(1560)
  })
}
