import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { artifactOf, claim, digestOf, LEASE_MS, leaseOf, newScene, output, plan, submit, work } from '../store-fixtures.ts'

export function claimRules(store: () => Store): void {
  it('hands out the oldest artifact first, and within it the lowest ordinal', async () => {
    const scene = await newScene(store(), 1)
    const [site] = scene.sites
    const planned = [await submit(scene, { steps: [[site!, site!]] }), await submit(scene), await submit(scene)]
    const claimed = []
    for (let i = 0; i < 4; i++) claimed.push((await claim(store(), site!)).id)
    expect(claimed).toEqual([planned[0]!.jobs[0]!.id, planned[0]!.jobs[1]!.id, planned[1]!.jobs[0]!.id, planned[2]!.jobs[0]!.id])
  })

  it('hands a job to its own component alone, and one that waits to nobody', async () => {
    const scene = await newScene(store(), 2)
    await submit(scene, { steps: [[scene.sites[0]!], [scene.node]] })
    expect(await store().jobs.claim(scene.sites[1]!, LEASE_MS)).toBeUndefined()
    expect(await store().jobs.claim(scene.node, LEASE_MS)).toBeUndefined()
    expect(await store().jobs.claim(scene.sites[0]!, LEASE_MS)).toBeDefined()
  })

  it('makes a job RUNNING by the claim itself, so it is never handed out twice (E14)', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const job = await claim(store(), scene.sites[0]!)
    expect(job).toMatchObject({ id: planned.jobs[0]!.id, epoch: 1 })
    expect(await store().jobs.find(job.id)).toMatchObject({ status: 'RUNNING', attempts: 1 })
    expect(await store().jobs.claim(scene.sites[0]!, LEASE_MS)).toBeUndefined()
  })

  it('starts the artifact with its first claim', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const first = await store().jobs.claim(scene.sites[0]!, LEASE_MS)
    expect(first?.changes).toEqual({ readyFor: [], artifactIds: [planned.id] })
    expect((await artifactOf(store(), planned)).status).toBe('RUNNING')
    await claim(store(), scene.sites[1]!)
    expect((await artifactOf(store(), planned)).status).toBe('RUNNING')
  })

  it('gives a job everything that is needed to run it: inputs by ordinal, whoever finished first, and keys of the readers', async () => {
    const scene = await newScene(store(), 3)
    const planned = await submit(scene)
    const jobs = []
    for (const site of [...scene.sites].reverse()) jobs.unshift(await work(store(), site))
    const job = await claim(store(), scene.node)
    const { id: artifactId, projectId } = planned
    const last = planned.jobs[3]!
    expect(job).toEqual({
      id: last.id,
      artifactId,
      projectId,
      stepIndex: 1,
      componentId: scene.node,
      operation: last.operation,
      epoch: 1,
      outputId: last.outputId,
      recipients: [await store().components.find(scene.researcher)],
      inputs: jobs.map(({ id, outputId, componentId }) => ({
        resourceId: outputId,
        producer: componentId,
        digest: digestOf(id),
      })),
      used: [],
      contents: new Map(),
      until: undefined,
    })
    expect(jobs[0]).toMatchObject({ inputs: [], recipients: [await store().components.find(scene.node)] })
  })

  it('gives each job its own operation, also where most of them do the same', async () => {
    const scene = await newScene(store(), 3)
    const planned = plan(scene)
    const own = { kind: 'Aggregation', strategy: 'mean' } as const
    const jobs = planned.jobs.map((job) => (job.ordinal === 1 ? { ...job, operation: own } : job))
    await store().artifacts.create({ ...planned, jobs })
    const operations = []
    for (const site of scene.sites) operations.push((await claim(store(), site)).operation)
    expect(operations).toEqual([planned.jobs[0]?.operation, own, planned.jobs[2]?.operation])
  })

  it('names the readers in the order of the plan', async () => {
    const scene = await newScene(store(), 5)
    const readers = [...scene.sites].reverse()
    await submit(scene, { steps: [[scene.node], readers] })
    expect((await claim(store(), scene.node)).recipients.map(({ id }) => id)).toEqual(readers)
  })

  it('goes on to the next artifact when nothing is left of the first', async () => {
    const scene = await newScene(store(), 1)
    const [first, second] = [await submit(scene), await submit(scene)]
    expect((await claim(store(), scene.sites[0]!)).artifactId).toBe(first.id)
    const job = await claim(store(), scene.sites[0]!)
    expect(job.artifactId).toBe(second.id)
    expect((await store().jobs.complete(leaseOf(job), output())).kind).toBe('completed')
  })
}
