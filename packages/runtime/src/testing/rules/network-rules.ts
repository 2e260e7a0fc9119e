import type { ComponentId, DatasourceId, Member, ProjectId } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { ComponentRecord } from '../../ports/component-record.ts'
import type { Store } from '../../ports/store.ts'
import { artifactOf, claim, newComponent, newId, newProject, newScene, plan, submit } from '../store-fixtures.ts'

const offer = (projectIds: readonly ProjectId[], name = 'admissions') => ({
  id: newId('dat') as DatasourceId,
  metadata: { name, records: 10, features: [], problem: null },
  projectIds: [...projectIds],
})

function memberOf({ key, kind, name }: Pick<ComponentRecord, 'key' | 'kind' | 'name'>, changes: Partial<Member> = {}): Member {
  return { key, kind, name, url: null, state: 'active', version: Date.now(), datasources: [], ...changes }
}

function stranger(kind: Member['kind'] = 'client', name = 'elsewhere'): Pick<ComponentRecord, 'key' | 'kind' | 'name'> {
  const id = newId('cmp') as ComponentId
  return { kind, name, key: { id, signingKey: 'A'.repeat(43), sealingKey: 'B'.repeat(43), signature: 'C'.repeat(86) } }
}

export function networkRules(store: () => Store): void {
  it('tells of each change once, in order, and of everything from the beginning', async () => {
    const before = await store().components.revision()
    const [first, second] = [await newComponent(store()), await newComponent(store())]
    await store().components.retire(first.id, 'left')
    const { members, revision, more } = await store().components.membersSince(before, 100)
    expect(members.map(({ key, state }) => [key.id, state])).toEqual([
      [second.id, 'active'],
      [first.id, 'left'],
    ])
    expect(more).toBe(false)
    expect((await store().components.membersSince(revision, 100)).members).toEqual([])
    expect((await store().components.membersSince(before, 1)).more).toBe(true)
  })

  it('counts a registration that changes nothing as no change', async () => {
    const component = await newComponent(store())
    const before = await store().components.revision()
    await store().components.register({ ...component, state: 'active' })
    expect((await store().components.membersSince(before, 100)).members).toEqual([])
  })

  it('shows every change up to the revision that it answers, however many are made at the same time', async () => {
    const before = await store().components.revision()
    const made = await Promise.all(Array.from({ length: 8 }, () => newComponent(store())))
    const { members } = await store().components.membersSince(before, 100)
    expect(new Set(members.map(({ key }) => key.id))).toEqual(new Set(made.map(({ id }) => id)))
  })

  it('takes over a member of another node with its tables, and does not tell it on as its own', async () => {
    const project = await newProject(store())
    const home = await newComponent(store(), 'node')
    const before = await store().components.revision()
    const client = stranger()
    const datasource = offer([project.id, newId('prj') as ProjectId])
    await store().components.adopt(memberOf(client, { datasources: [datasource] }), home.id)
    expect(await store().datasources.ofProject(project.id)).toMatchObject([
      { id: datasource.id, component: { id: client.key.id } },
    ])
    expect((await store().components.find(client.key.id))?.homeId).toBe(home.id)
    expect((await store().components.membersSince(before, 100)).members).toEqual([])
  })

  it('attaches the tables of a member to a project that it hears of later, when it hears of the member again', async () => {
    const home = await newComponent(store(), 'node')
    const [id, tokenId] = [newId('prj') as ProjectId, newId('res')]
    const member = memberOf(stranger(), { datasources: [offer([id])] })
    await store().components.adopt(member, home.id)
    await store().projects.adopt({ id, name: 'later', tokenId, tokenVerifier: 'v', state: 'active', version: Date.now() })
    await store().components.adopt(member, home.id)
    expect(await store().datasources.ofProject(id)).toMatchObject([{ component: { id: member.key.id } }])
    expect(await store().components.adopt(member, home.id)).toBeUndefined()
  })

  it('tells every node on, wherever it joined', async () => {
    const home = await newComponent(store(), 'node')
    const before = await store().components.revision()
    const node = stranger('node')
    await store().components.adopt(memberOf(node, { url: 'http://node.example.org' }), home.id)
    const { members } = await store().components.membersSince(before, 100)
    expect(members).toMatchObject([{ key: { id: node.key.id }, url: 'http://node.example.org' }])
  })

  it('never lets an older word undo a newer one, whichever comes first', async () => {
    const home = await newComponent(store(), 'node')
    const client = stranger()
    const left = memberOf(client, { state: 'left', version: 2_000 })
    const joined = memberOf(client, { version: 1_000 })
    await store().components.adopt(left, home.id)
    expect(await store().components.adopt(joined, home.id)).toBeUndefined()
    expect(await store().components.adopt(left, home.id)).toBeUndefined()
    expect((await store().components.find(client.key.id))?.state).toBe('left')
  })

  it('makes each change at home newer than whatever it has heard, by whatever clock', async () => {
    const home = await newComponent(store(), 'node')
    const client = stranger()
    const ahead = Date.now() + 3_600_000
    await store().components.adopt(memberOf(client, { version: ahead }), home.id)
    const before = await store().components.revision()
    await store().components.register({ id: client.key.id, ...client })
    const { members } = await store().components.membersSince(before, 100)
    expect(members[0]?.version).toBeGreaterThan(ahead)
    expect((await store().components.find(client.key.id))?.homeId).toBeNull()
  })

  it('plans nothing on who left, nor on who is reached through a node that left, until they are back (E5)', async () => {
    const project = await newProject(store())
    const home = await newComponent(store(), 'node')
    const [client, own] = [stranger(), await newComponent(store())]
    await store().components.adopt(memberOf(client, { datasources: [offer([project.id])] }), home.id)
    await store().datasources.replace(own.id, [offer([project.id])])
    const workers = async () => (await store().datasources.ofProject(project.id)).map(({ component }) => component.id).sort()
    expect(await workers()).toEqual([client.key.id, own.id].sort())
    await store().components.retire(home.id, 'left')
    await store().components.retire(own.id, 'left')
    expect(await workers()).toEqual([])
    await store().components.register({ ...home, state: 'active' })
    expect(await workers()).toEqual([client.key.id])
  })

  it('ends what a component that leaves still had to do, and with it the artifact that needs it', async () => {
    const scene = await newScene(store())
    const planned = await submit(scene)
    await claim(store(), scene.sites[0]!)
    const changes = await store().components.retire(scene.sites[0]!, 'left')
    expect(changes.artifactIds).toEqual([planned.id])
    const artifact = await artifactOf(store(), planned)
    expect(artifact).toMatchObject({ status: 'FAILED', failure: { code: 'worker_left' } })
    expect(artifact.jobs.map(({ status }) => status)).toEqual(['FAILED', 'CANCELLED', 'CANCELLED', 'CANCELLED'])
  })

  it('ends as well what the component had not begun', async () => {
    const scene = await newScene(store())
    const planned = await submit(scene)
    await store().components.retire(scene.sites[1]!, 'blocked')
    expect(await artifactOf(store(), planned)).toMatchObject({ status: 'FAILED', failure: { code: 'worker_left' } })
  })

  it('refuses a plan over one who left meanwhile, or whose node did, and stores nothing of it', async () => {
    const scene = await newScene(store())
    const [site, behind, home] = [scene.sites[0]!, stranger(), await newComponent(store(), 'node', 'home')]
    await store().components.adopt(memberOf(behind), home.id)
    const stored = await submit(scene)
    const [needsSite, needsHome] = [plan(scene), plan(scene, { steps: [[behind.key.id], [scene.node]] })]
    await store().components.retire(site, 'left')
    await store().components.retire(home.id, 'left')
    for (const outdated of [needsSite, needsHome]) {
      expect(await store().artifacts.create(outdated)).toEqual({ kind: 'outdated' })
      expect(await store().artifacts.find(outdated.id)).toBeUndefined()
    }
    expect((await store().artifacts.create(plan(scene, { steps: [scene.sites.slice(1), [scene.node]] }))).kind).toBe('created')
    // What was accepted before is told as that, however things stand now.
    expect(await store().artifacts.create(stored)).toEqual({ kind: 'exists', artifactId: stored.id })
  })

  it('keeps out who is blocked, until he is approved', async () => {
    const component = await newComponent(store())
    await store().components.retire(component.id, 'blocked')
    expect(await store().components.register({ ...component, state: 'active' })).toBe('blocked')
    expect(await store().components.approve(component.id)).toBe(true)
    expect(await store().components.register({ ...component, state: 'active' })).toBe('registered')
    expect(await store().components.approve(component.id)).toBe(false)
  })

  it('has one wait that asks to, tells nobody else of it, and counts it, until it is approved', async () => {
    const [before, waiting] = [await store().components.revision(), await store().components.countPending()]
    const applicant = stranger()
    const registration = { id: applicant.key.id, ...applicant, state: 'pending' as const }
    expect(await store().components.register(registration)).toBe('pending')
    expect(await store().components.register(registration)).toBe('pending')
    expect(await store().components.countPending()).toBe(waiting + 1)
    expect((await store().components.membersSince(before, 100)).members).toEqual([])
    await store().components.approve(applicant.key.id)
    expect(await store().components.register(registration)).toBe('registered')
    expect(await store().components.countPending()).toBe(waiting)
  })

  it('spends an enrolment token on one component, for which it holds again, and on nobody when it has expired', async () => {
    const enrol = async (lifeMs: number) => {
      const tokenId = newId('prj')
      await store().enrolments.create({ tokenId, tokenVerifier: 'verifier', kind: 'client' }, lifeMs)
      return tokenId
    }
    const [token, expired] = [await enrol(60_000), await enrol(-1)]
    const made = await store().enrolments.find(token)
    await store().enrolments.create({ tokenId: token, tokenVerifier: 'verifier', kind: 'client' }, 120_000)
    expect(await store().enrolments.find(token)).toEqual(made)
    const register = (who: ReturnType<typeof stranger>, enrolment: string) =>
      store().components.register({ id: who.key.id, ...who, enrolment })
    const [one, two] = [stranger(), stranger()]
    const outcomes = await Promise.all([register(one, token), register(two, token)])
    expect([...outcomes].sort()).toEqual(['enrolment_spent', 'registered'])
    const holder = outcomes[0] === 'registered' ? one : two
    expect(await register(holder, token)).toBe('registered')
    expect((await store().enrolments.find(token))?.usedById).toBe(holder.key.id)
    expect(await register(stranger(), expired)).toBe('enrolment_spent')
  })

  it('shares projects by version: a rotated token comes over and retires the one before', async () => {
    const project = await newProject(store())
    const rotated = { ...project, tokenId: newId('prj'), tokenVerifier: 'another', version: 5_000 }
    expect(await store().projects.adopt(rotated)).toBe(true)
    expect(await store().projects.adopt({ ...project, name: 'older', version: 4_000 })).toBe(false)
    expect(await store().projects.findByTokenId(rotated.tokenId)).toMatchObject({ id: project.id, name: project.name })
    expect(await store().projects.findByTokenId(project.tokenId)).toBeUndefined()
    expect((await store().projects.ensure({ ...project, id: newId('prj') })).id).toBe(project.id)
  })

  it('tells of projects that were made or changed since a revision', async () => {
    const before = await store().components.revision()
    const project = await newProject(store())
    expect(await store().projects.since(before)).toMatchObject([{ id: project.id, version: 1 }])
    const made = await store().components.revision()
    await store().projects.ensure({ ...project, name: project.name })
    expect(await store().projects.since(made)).toEqual([])
    await store().projects.ensure({ ...project, name: 'renamed' })
    expect(await store().projects.since(made)).toMatchObject([{ id: project.id, name: 'renamed' }])
  })
}
