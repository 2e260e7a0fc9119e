import type { ProjectId } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { newComponent, newId, newProject } from '../store-fixtures.ts'

const offer = (name: string, projectIds: readonly ProjectId[], records = 10) => ({
  id: newId('dat'),
  metadata: { name, records, features: [], problem: null },
  projectIds,
})

export function datasourceRules(store: () => Store): void {
  it('answers the datasources of a project, with their component and what was published of them', async () => {
    const [project, empty] = [await newProject(store()), await newProject(store())]
    const { id, name } = await newComponent(store())
    const admissions = offer('admissions', [project.id])
    await store().datasources.replace(id, [admissions])
    expect(await store().datasources.ofProject(project.id)).toEqual([
      { id: admissions.id, component: { id, name }, metadata: admissions.metadata },
    ])
    expect(await store().datasources.ofProject(empty.id)).toEqual([])
  })

  it('changes nothing when the same is published again, so no record counts twice (E4)', async () => {
    const project = await newProject(store())
    const { id } = await newComponent(store())
    await store().datasources.replace(id, [offer('admissions', [project.id])])
    const before = await store().datasources.ofProject(project.id)
    await store().datasources.replace(id, [offer('admissions', [project.id])])
    await store().datasources.replace(id, [offer('admissions', [project.id])])
    expect(await store().datasources.ofProject(project.id)).toEqual(before)
  })

  it('keeps the id of a datasource whose name stays, and takes the rest from the last publication', async () => {
    const project = await newProject(store())
    const { id } = await newComponent(store())
    const first = offer('admissions', [project.id])
    await store().datasources.replace(id, [first, offer('laboratory', [project.id])])
    await store().datasources.replace(id, [offer('admissions', [project.id], 99), offer('images', [project.id])])
    const found = await store().datasources.ofProject(project.id)
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['admissions', 'images'])
    expect(found[0]).toMatchObject({ id: first.id, metadata: { records: 99 } })
  })

  it('attaches a datasource to exactly the projects of the last publication', async () => {
    const [one, two, three] = [await newProject(store()), await newProject(store()), await newProject(store())]
    const { id } = await newComponent(store())
    await store().datasources.replace(id, [offer('admissions', [one.id, two.id])])
    await store().datasources.replace(id, [offer('admissions', [two.id, three.id])])
    const counts = await Promise.all(
      [one, two, three].map(async (project) => (await store().datasources.ofProject(project.id)).length),
    )
    expect(counts).toEqual([0, 1, 1])
  })

  it('leaves what other components offer alone, under the same name too, and orders by component, then by name', async () => {
    const project = await newProject(store())
    const ids = [(await newComponent(store())).id, (await newComponent(store())).id].sort()
    for (const id of [...ids].reverse())
      await store().datasources.replace(id, [offer('b', [project.id]), offer('a', [project.id])])
    const found = await store().datasources.ofProject(project.id)
    expect(found.map(({ component, metadata }) => [component.id, metadata.name])).toEqual(
      ids.flatMap((id) => [
        [id, 'a'],
        [id, 'b'],
      ]),
    )
    await store().datasources.replace(ids[0]!, [])
    expect((await store().datasources.ofProject(project.id)).map(({ component }) => component.id)).toEqual([ids[1], ids[1]])
  })

  it('holds what one of two publications said when they come at the same time, and no mixture', async () => {
    const project = await newProject(store())
    const { id } = await newComponent(store())
    const publications = ['a', 'b'].map((prefix) => [1, 2, 3].map((i) => offer(`${prefix}${i}`, [project.id])))
    await Promise.all(publications.map((offers) => store().datasources.replace(id, offers)))
    const names = (await store().datasources.ofProject(project.id)).map(({ metadata }) => metadata.name)
    expect(publications.map((offers) => offers.map(({ metadata }) => metadata.name))).toContainEqual(names)
  })
}
