import type { ResourceId } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { PlannedArtifact, Store } from '../../ports/store.ts'
import { claim, leaseOf, newScene, output, submit, work } from '../store-fixtures.ts'

/** The leftovers of one artifact, however many others there are. */
async function leftoversOf(store: Store, { id }: PlannedArtifact): Promise<readonly ResourceId[] | undefined> {
  return (await store.artifacts.leftovers(10_000)).find(({ artifactId }) => artifactId === id)?.resourceIds
}

export function leftoverRules(store: () => Store): void {
  it('an artifact that lives leaves nothing', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    await work(store(), scene.sites[0]!)
    expect(await leftoversOf(store(), planned)).toBeUndefined()
  })

  it('one that completed leaves what its jobs handed on, never the released result', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const parts = [await work(store(), scene.sites[0]!), await work(store(), scene.sites[1]!)]
    await work(store(), scene.node)
    expect(await leftoversOf(store(), planned)).toEqual(parts.map(({ outputId }) => outputId))
  })

  it('one that failed or was cancelled leaves all that was begun', async () => {
    const scene = await newScene(store(), 2)
    const cancelled = await submit(scene)
    const begun = [await work(store(), scene.sites[0]!), await claim(store(), scene.sites[1]!)]
    await store().artifacts.cancel(cancelled.id)
    expect(await leftoversOf(store(), cancelled)).toEqual(begun.map(({ outputId }) => outputId))
    const failed = await submit(scene)
    const failing = await claim(store(), scene.sites[1]!)
    await store().jobs.fail(leaseOf(failing), { code: 'out_of_memory', message: '' }, undefined)
    expect(await leftoversOf(store(), failed)).toEqual([failing.outputId])
  })

  it('the bytes of small resources go with the others, but for the released result', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const content = new Uint8Array(16)
    const ids: ResourceId[] = []
    for (const component of [scene.sites[0]!, scene.node]) {
      const job = await claim(store(), component)
      ids.push(job.outputId)
      await store().jobs.complete(leaseOf(job), { ...output(job.id), content })
    }
    const held = () => Promise.all(ids.map(async (id) => (await store().jobs.findResource(id))?.stored?.content?.length))
    expect(await held()).toEqual([16, 16])
    await store().artifacts.removed([planned.id])
    expect(await held()).toEqual([undefined, 16])
  })

  it('what was removed is not told again', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene, { steps: [scene.sites] })
    await store().jobs.complete(leaseOf(await claim(store(), scene.sites[0]!)), output())
    expect(await leftoversOf(store(), planned)).toEqual([])
    await store().artifacts.removed([planned.id])
    await store().artifacts.removed([])
    expect(await leftoversOf(store(), planned)).toBeUndefined()
  })
}
