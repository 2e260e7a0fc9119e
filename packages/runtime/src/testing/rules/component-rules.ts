import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { newComponent, newId } from '../store-fixtures.ts'

export function componentRules(store: () => Store): void {
  it('finds a component as it was registered, and none that was not', async () => {
    const component = await newComponent(store(), 'workbench', 'Ada')
    expect(await store().components.find(component.id)).toEqual(component)
    expect(await store().components.find(newId('cmp'))).toBeUndefined()
  })

  it('renews the name of a component that is known', async () => {
    const component = await newComponent(store())
    expect(await store().components.register({ ...component, state: 'active', name: 'renamed' })).toBe('registered')
    expect(await store().components.find(component.id)).toEqual({ ...component, name: 'renamed' })
  })

  it('never changes the kind of a component, nor anything else of it in the attempt', async () => {
    const component = await newComponent(store(), 'client')
    expect(await store().components.register({ ...component, state: 'active', kind: 'workbench', name: 'disguised' })).toBe(
      'kind_conflict',
    )
    expect(await store().components.find(component.id)).toEqual(component)
  })

  it('keeps the state of a component that registers again; one that had left comes back in the state it is given', async () => {
    const component = await newComponent(store())
    await store().components.setState(component.id, 'blocked')
    await store().components.register({ ...component, state: 'active' })
    expect((await store().components.find(component.id))?.state).toBe('blocked')
    await store().components.setState(component.id, 'left')
    await store().components.register({ ...component, state: 'pending' })
    expect((await store().components.find(component.id))?.state).toBe('pending')
  })

  it('sets the state of a component that is there, and tells when there is none', async () => {
    expect(await store().components.setState(newId('cmp'), 'blocked')).toBe(false)
  })
}
