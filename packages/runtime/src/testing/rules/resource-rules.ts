import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { claim, digestOf, leaseOf, newId, newScene, output, submit, work } from '../store-fixtures.ts'

export function resourceRules(store: () => Store): void {
  it('knows of each resource who makes it and who may read it, before and after it is stored (A7)', async () => {
    const scene = await newScene(store(), 2)
    const planned = await submit(scene)
    const [first, , last] = planned.jobs
    const expected = {
      id: first!.outputId,
      artifactId: planned.id,
      producerId: scene.sites[0],
      recipientIds: [scene.node],
      released: false,
    }
    expect(await store().jobs.findResource(first!.outputId)).toEqual({ ...expected, jobStatus: 'READY', stored: null })
    const { id } = await work(store(), scene.sites[0]!)
    const stored = { digest: digestOf(id), bytes: id.length, content: null }
    expect(await store().jobs.findResource(first!.outputId)).toEqual({ ...expected, jobStatus: 'COMPLETED', stored })
    expect(await store().jobs.findResource(last!.outputId)).toMatchObject({ recipientIds: [scene.researcher], released: true })
  })

  it('takes resources of any size a disk can hold', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const claimed = await store().jobs.claim(scene.sites[0]!, 60_000)
    const bytes = 5 * 2 ** 40
    const { id: jobId, componentId, epoch } = claimed!.job
    await store().jobs.complete({ jobId, componentId, epoch }, { ...output('x'), bytes })
    expect(await store().jobs.findResource(planned.jobs[0]!.outputId)).toMatchObject({ stored: { bytes } })
  })

  it('holds the bytes of a small one itself, and gives them to whose job reads it', async () => {
    const scene = await newScene(store(), 2)
    await submit(scene)
    const small = await claim(store(), scene.sites[0]!)
    const content = new Uint8Array([0, 255, 1, 0])
    await store().jobs.complete(leaseOf(small), { ...output('small'), bytes: content.length, content })
    const { outputId: blob } = await work(store(), scene.sites[1]!)
    const stored = (await store().jobs.findResource(small.outputId))?.stored
    expect(new Uint8Array(stored?.content ?? [])).toEqual(content)
    const { inputs, contents } = await claim(store(), scene.node)
    expect(inputs.map(({ resourceId }) => resourceId)).toEqual([small.outputId, blob])
    expect([...contents.keys()]).toEqual([small.outputId])
    expect(new Uint8Array(contents.get(small.outputId)!)).toEqual(content)
  })

  it('knows nothing of a resource that nobody planned', async () => {
    expect(await store().jobs.findResource(newId('res'))).toBeUndefined()
  })
}
