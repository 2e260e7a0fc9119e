import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { claim, leaseOf, newProject, newScene, output, passTime, submit } from '../store-fixtures.ts'

export function fairnessRules(store: () => Store): void {
  it('lets projects take turns at a component, however much one of them has submitted before', async () => {
    const scene = await newScene(store(), 1)
    const other = { ...scene, projectId: (await newProject(store())).id }
    const site = scene.sites[0]!
    for (let i = 0; i < 6; i++) await submit(scene)
    for (let i = 0; i < 3; i++) await submit(other)
    const served = []
    for (let i = 0; i < 9; i++) served.push((await claim(store(), site)).projectId === scene.projectId ? 'a' : 'b')
    expect(served.slice(0, 6).join('')).toMatch(/^(ab){3}$|^(ba){3}$/)
    expect(served.slice(6)).toEqual(['a', 'a', 'a'])
  })

  it('lets artifacts of a project take turns: whose job has waited longest is next', async () => {
    const scene = await newScene(store(), 1)
    const site = scene.sites[0]!
    const long = await submit(scene, { steps: Array.from({ length: 6 }, () => [site]) })
    await passTime(store(), 1)
    const short = [await submit(scene, { steps: [[site]] }), await submit(scene, { steps: [[site]] })]
    const order = []
    for (let i = 0; i < 4; i++) {
      const job = await claim(store(), site)
      order.push(job.artifactId)
      await passTime(store(), 1)
      await store().jobs.complete(leaseOf(job), output())
    }
    expect(order).toEqual([long.id, short[0]!.id, short[1]!.id, long.id])
  })

  it('starves nobody: with a project that never runs out of work, each other one gets every second turn or more', async () => {
    const scene = await newScene(store(), 1)
    const other = { ...scene, projectId: (await newProject(store())).id }
    const site = scene.sites[0]!
    await submit(other)
    let turns = 0
    for (let claimed = ''; claimed !== other.projectId; turns++) {
      await submit(scene)
      const job = await claim(store(), site)
      claimed = job.projectId
    }
    expect(turns).toBeLessThanOrEqual(2)
  })

  it('keeps the turns of one component apart from those of another', async () => {
    const scene = await newScene(store(), 2)
    const other = { ...scene, projectId: (await newProject(store())).id }
    for (let i = 0; i < 4; i++) await submit(scene)
    for (let i = 0; i < 4; i++) await submit(other)
    for (const site of scene.sites) {
      const projects = [await claim(store(), site), await claim(store(), site)].map(({ projectId }) => projectId)
      expect(new Set(projects)).toEqual(new Set([scene.projectId, other.projectId]))
    }
  })
}
