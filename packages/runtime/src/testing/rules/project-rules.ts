import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { newComponent, newId, newProject } from '../store-fixtures.ts'

export function projectRules(store: () => Store): void {
  it('finds a project by its id and by the id of its token, and none that is unknown', async () => {
    const project = await newProject(store())
    expect(await store().projects.find(project.id)).toEqual(project)
    expect(await store().projects.findByTokenId(project.tokenId)).toEqual(project)
    expect(await store().projects.find(newId('prj'))).toBeUndefined()
    expect(await store().projects.findByTokenId('unknown')).toBeUndefined()
  })

  it('keeps one project for a token, whose id and verifier stay and whose name is renewed', async () => {
    const project = await newProject(store())
    const again = {
      id: newId('prj'),
      name: 'renamed',
      tokenId: project.tokenId,
      tokenVerifier: 'another',
      state: 'active' as const,
    }
    expect(await store().projects.ensure(again)).toEqual({ ...project, name: 'renamed' })
    expect(await store().projects.find(again.id)).toBeUndefined()
  })

  it('makes one project when the same token is ensured by many at the same time', async () => {
    const tokenId = newId('prj')
    const ensured = await Promise.all(
      Array.from({ length: 6 }, () =>
        store().projects.ensure({ id: newId('prj'), name: 'study', tokenId, tokenVerifier: 'v', state: 'active' }),
      ),
    )
    expect(new Set(ensured.map(({ id }) => id)).size).toBe(1)
  })

  it('makes a component a member of one project alone, again being the same as once (A7)', async () => {
    const [project, other] = [await newProject(store()), await newProject(store())]
    const { id } = await newComponent(store())
    expect(await store().projects.isMember(project.id, id)).toBe(false)
    await store().projects.addMember(project.id, id)
    await store().projects.addMember(project.id, id)
    expect(await store().projects.isMember(project.id, id)).toBe(true)
    expect(await store().projects.isMember(other.id, id)).toBe(false)
    expect(await store().projects.isMember(project.id, newId('cmp'))).toBe(false)
  })

  it('gives a project another token; the one it had finds nothing any more, and makes no other project', async () => {
    const project = await newProject(store())
    const token = { tokenId: newId('prj'), tokenVerifier: 'another' }
    expect(await store().projects.rotateToken(project.id, token)).toBe('rotated')
    const rotated = await store().projects.since(0)
    expect(await store().projects.rotateToken(project.id, token)).toBe('rotated')
    expect(await store().projects.since(0)).toEqual(rotated)
    expect(await store().projects.findByTokenId(project.tokenId)).toBeUndefined()
    expect(await store().projects.findByTokenId(token.tokenId)).toEqual({ ...project, ...token })
    const ensured = await store().projects.ensure({ ...project, id: newId('prj'), name: 'renamed' })
    expect(ensured).toEqual({ ...project, ...token })
    expect(await store().projects.rotateToken(newId('prj'), { ...token, tokenId: newId('prj') })).toBe('unknown')
    const other = await newProject(store())
    for (const { tokenId } of [token, project]) {
      expect(await store().projects.rotateToken(other.id, { ...token, tokenId })).toBe('taken')
    }
  })

  it('keeps the state of a project that is ensured again', async () => {
    const project = await newProject(store())
    expect(await store().projects.setState(project.id, 'disabled')).toBe(true)
    expect(await store().projects.ensure({ ...project, id: newId('prj') })).toEqual({ ...project, state: 'disabled' })
    expect(await store().projects.setState(newId('prj'), 'disabled')).toBe(false)
  })
}
