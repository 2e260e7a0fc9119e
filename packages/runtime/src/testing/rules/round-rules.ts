import { expect, it } from 'vitest'
import type { PlannedArtifact, PlannedJob, Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  digestOf,
  eventsOf,
  expectGapless,
  leaseOf,
  newScene,
  output,
  plan,
  type Scene,
  statusesOf,
  work,
} from '../store-fixtures.ts'

const criterion = { kind: 'Converged', tolerance: 0.01 } as const

export function roundRules(store: () => Store): void {
  it('gives a job the products that it uses, in the order of the plan, beside its inputs', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submitted(scene, [[scene.node], [scene.node], scene.sites, [scene.node]], (jobs) => {
      const uses = [jobs[1]!.outputId, jobs[0]!.outputId]
      return jobs.map((job, ordinal) => (ordinal === 3 ? { ...job, uses } : job))
    })
    for (const doer of [scene.node, scene.node, scene.sites[0]!]) await work(store(), doer)
    const job = await claim(store(), scene.node)
    const produced = (ordinal: number) => ({
      resourceId: planned.jobs[ordinal]!.outputId,
      producer: planned.jobs[ordinal]!.componentId,
      digest: digestOf(planned.jobs[ordinal]!.id),
    })
    expect(job.inputs).toEqual([produced(2)])
    expect(job.used).toEqual([produced(1), produced(0)])
  })

  it('a job that may end the rounds is told what to compare with, and who then gets its product', async () => {
    const { scene } = await threeRounds(store())
    await finishRounds(scene, 1)
    const job = await secondAggregate(scene)
    expect(job.until).toMatchObject({ criterion, recipients: [{ id: scene.researcher }] })
    expect(job.until?.previous.producer).toBe(scene.node)
  })

  it('an end of the rounds skips the later ones, and its output is the result', async () => {
    const { scene, planned } = await threeRounds(store())
    await finishRounds(scene, 1)
    const job = await secondAggregate(scene)
    const outcome = await store().jobs.complete(leaseOf(job), { ...output(), stop: true })
    expect(outcome).toEqual({ kind: 'completed', changes: { readyFor: [], artifactIds: [planned.id] } })
    expect(await statusesOf(store(), planned)).toEqual([...Array(4).fill('COMPLETED'), 'SKIPPED', 'SKIPPED'])
    const ended = await artifactOf(store(), planned)
    expect(ended).toMatchObject({ status: 'COMPLETED', result: { id: job.outputId, digest: output().digest } })
    const resource = await store().jobs.findResource(job.outputId)
    expect(resource).toMatchObject({ released: true, recipientIds: [scene.researcher] })
    expectGapless(await eventsOf(store(), planned))
    expect(await store().jobs.complete(leaseOf(job), { ...output(), stop: true })).toEqual({ kind: 'duplicate' })
  })

  it('an end of the rounds opens what follows them, with its output as the input', async () => {
    const { scene, planned } = await threeRounds(store(), 'followed')
    await finishRounds(scene, 1)
    const job = await secondAggregate(scene)
    await store().jobs.complete(leaseOf(job), { ...output(), stop: true })
    expect(await statusesOf(store(), planned)).toEqual([...Array(4).fill('COMPLETED'), 'SKIPPED', 'SKIPPED', 'READY'])
    const next = await claim(store(), scene.node)
    expect(next.inputs.map(({ resourceId }) => resourceId)).toEqual([job.outputId])
    await store().jobs.complete(leaseOf(next), output())
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'COMPLETED', result: { id: next.outputId } })
  })

  it('goes through all rounds where none of them ends them', async () => {
    const { scene, planned } = await threeRounds(store())
    await finishRounds(scene, 3)
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'COMPLETED', result: { id: planned.jobs[5]?.outputId } })
  })
}

async function submitted(
  scene: Scene,
  steps: NonNullable<Parameters<typeof plan>[1]>['steps'] & {},
  change: (jobs: readonly PlannedJob[]) => PlannedJob[],
): Promise<PlannedArtifact> {
  const planned = plan(scene, { steps })
  const changed = { ...planned, jobs: change(planned.jobs) }
  expect((await scene.store.artifacts.create(changed)).kind).toBe('created')
  return changed
}

/** Three rounds of one site and the node, which may end with the second; perhaps followed by one more job of the node. */
async function threeRounds(store: Store, then: 'end' | 'followed' = 'end') {
  const scene = await newScene(store, 1)
  const rounds = [scene.sites, [scene.node], scene.sites, [scene.node], scene.sites, [scene.node]]
  const steps = then === 'end' ? rounds : [...rounds, [scene.node]]
  const planned = await submitted(scene, steps, (jobs) => {
    const last = jobs[5]!
    const stop = { feeds: last.feeds, recipientIds: last.recipientIds, released: last.released, skipFrom: 4, skipTo: 5 }
    const until = { criterion, previous: jobs[1]!.outputId, ...stop }
    return jobs.map((job, ordinal) => (ordinal === 3 ? { ...job, until } : job))
  })
  return { scene, planned }
}

async function finishRounds({ store, sites, node }: Scene, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await work(store, sites[0]!)
    await work(store, node)
  }
}

async function secondAggregate({ store, sites, node }: Scene) {
  await work(store, sites[0]!)
  return claim(store, node)
}
