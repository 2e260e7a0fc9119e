import type { ComponentId } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { Listed, Page } from '../../ports/inventory.ts'
import type { Store } from '../../ports/store.ts'
import { newComponent, newId, newProject, newScene, submit, work } from '../store-fixtures.ts'

/** Everything of a list, asked for in parts. */
async function inParts<T>(limit: number, ask: (page: Page) => Promise<Listed<T>>): Promise<T[]> {
  const items: T[] = []
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const part = await ask({ limit, after })
    expect(part.items.length).toBeLessThanOrEqual(limit)
    items.push(...part.items)
    after = part.next
  }
  return items
}

export function inventoryRules(store: () => Store): void {
  it('lists in parts what it lists at once, each thing once', async () => {
    const ids: ComponentId[] = []
    for (let i = 0; i < 5; i++) ids.push((await newComponent(store(), 'workbench')).id)
    const ask = (page: Page) => store().inventory.components({ kind: 'workbench' }, page)
    const parts = (await inParts(2, ask)).map(({ id }) => id)
    expect(parts).toEqual((await ask({ limit: 1000 })).items.map(({ id }) => id))
    expect(parts).toEqual(expect.arrayContaining(ids))
    expect(new Set(parts).size).toBe(parts.length)
  })

  it('narrows a list by each filter', async () => {
    const { id } = await newComponent(store())
    await store().components.setState(id, 'blocked')
    const { inventory } = store()
    const page = { limit: 1000 }
    expect((await inventory.components({ id }, page)).items).toMatchObject([
      { id, state: 'blocked', datasources: 0, projects: 0 },
    ])
    expect((await inventory.components({ id, state: 'active' }, page)).items).toEqual([])
    expect((await inventory.components({ id, kind: 'node' }, page)).items).toEqual([])
    expect((await inventory.projects({ id: newId('prj') }, page)).items).toEqual([])
  })

  it('counts what belongs to a project and to a component', async () => {
    const project = await newProject(store())
    const [site, researcher] = [await newComponent(store()), await newComponent(store(), 'workbench')]
    await store().projects.addMember(project.id, researcher.id)
    const metadata = { name: 'table', records: 7, features: [], problem: null }
    await store().datasources.replace(site.id, [{ id: newId('dat'), metadata, projectIds: [project.id] }])
    const { inventory } = store()
    expect((await inventory.projects({ id: project.id }, { limit: 1 })).items).toEqual([
      { id: project.id, name: project.name, state: 'active', datasources: 1, researchers: 1, artifacts: 0 },
    ])
    expect((await inventory.components({ id: site.id }, { limit: 1 })).items).toMatchObject([{ datasources: 1, projects: 1 }])
    expect((await inventory.datasources({ componentId: site.id }, { limit: 1 })).items).toMatchObject([
      { component: { id: site.id, name: site.name }, metadata, projectIds: [project.id] },
    ])
  })

  it('lists the newest artifact first, with its jobs in order, and resources once they are stored', async () => {
    const scene = await newScene(store())
    const [older, newer] = [await submit(scene), await submit(scene)]
    const { inventory } = store()
    const artifacts = await inParts(1, (page) => inventory.artifacts({ projectId: scene.projectId }, page))
    expect(artifacts.map(({ id }) => id)).toEqual([newer.id, older.id])
    expect(artifacts[0]).toMatchObject({ status: 'SCHEDULED', jobs: newer.jobs.length, liveJobs: newer.jobs.length })
    const jobs = await inParts(2, (page) => inventory.jobs({ artifactId: newer.id }, page))
    expect(jobs.map(({ id }) => id)).toEqual(newer.jobs.map(({ id }) => id))
    expect((await inventory.resources({ artifactId: newer.id }, { limit: 10 })).items).toEqual([])
    expect((await inventory.counts()).jobs.READY).toBeGreaterThan(0)
    const { outputId } = await work(store(), scene.sites[0]!)
    expect((await inventory.resources({ artifactId: older.id }, { limit: 10 })).items).toMatchObject([
      { id: outputId, producer: { id: scene.sites[0] }, released: false },
    ])
  })
}
