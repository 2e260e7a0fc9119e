import type { ComponentId } from '@flotta/contract'
import type { PlannedArtifact, Store } from '@flotta/runtime/ports'
import pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { claim, newProject, newScene, passTime, type Scene, submit } from '../../../runtime/src/testing/store-fixtures.ts'
import { openStore, type PostgresqlLocation } from '../../src/index.ts'
import { freshSchema } from './database.ts'
import type { TestPostgres } from './postgres.ts'

/** What goes on while a transaction of another process holds an artifact. */
export function heldArtifactRules(server: () => TestPostgres): void {
  let location: PostgresqlLocation
  let store: Store
  beforeAll(async () => {
    location = freshSchema(server())
    store = await openStore({ database: location })
    return () => store[Symbol.asyncDispose]()
  })

  async function connected(): Promise<pg.Client> {
    const { host, port, username: user, database, schema } = location
    const client = new pg.Client({ host, port, user, password: server().password, database, options: `-c search_path=${schema}` })
    await client.connect()
    return client
  }

  /** Locks artifacts as a transition does, until it is released. */
  async function hold(...artifacts: readonly PlannedArtifact[]) {
    const client = await connected()
    const ids = artifacts.map(({ id }) => id)
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM artifact WHERE id = ANY($1) FOR NO KEY UPDATE', [ids])
    return { client, [Symbol.asyncDispose]: () => client.end() }
  }

  /** How many transactions of the server wait for a lock. */
  async function waiting(): Promise<number> {
    const client = await connected()
    const { rows } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'artifact'`)
    await client.end()
    return rows.length
  }

  const artifactOf = async (component: ComponentId) => (await claim(store, component)).artifactId

  it('a claim takes the next job of another artifact at once, however many are held', async () => {
    const scene = await newScene(store, 1)
    const [first, second, third] = [await submit(scene), await submit(scene), await submit(scene)]
    await using _held = await hold(first, second)
    expect(await artifactOf(scene.sites[0]!)).toBe(third.id)
  })

  it('a claim waits where there is no other, and gets the job when the lock is released', async () => {
    const scene = await newScene(store, 1)
    const only = await submit(scene)
    const order: string[] = []
    await using held = await hold(only)
    const claimed = artifactOf(scene.sites[0]!).then((id) => order.push(`claimed ${id}`))
    await expect.poll(waiting).toBe(1)
    order.push('released')
    await held.client.query('COMMIT')
    await claimed
    expect(order).toEqual(['released', `claimed ${only.id}`])
  })

  it('a claim holds up no component that has other work, though one waits that has none', async () => {
    const scene = await newScene(store, 2)
    const [patient, busy] = scene.sites as [ComponentId, ComponentId]
    const both = await submit(scene)
    const other = await submit(scene, { steps: [[busy]] })
    await using held = await hold(both)
    const waited = artifactOf(patient)
    await expect.poll(waiting).toBe(1)
    expect(await artifactOf(busy)).toBe(other.id)
    await held.client.query('COMMIT')
    expect(await waited).toBe(both.id)
    expect(await artifactOf(busy)).toBe(both.id)
  })

  it('a claim leaves the project that it passes over its turn', async () => {
    const { scene, other, site } = await twoProjects()
    const passedOver = await submit(scene)
    const others = [await submit(other), await submit(other)]
    const held = await hold(passedOver)
    expect(await artifactOf(site)).toBe(others[0]!.id)
    await held[Symbol.asyncDispose]()
    expect([await artifactOf(site), await artifactOf(site)]).toEqual([passedOver.id, others[1]!.id])
  })

  it('a claim is not held up by a process that stopped within a claim of the same component and project', async () => {
    const { scene, other, site } = await twoProjects()
    const [first, second] = [await submit(scene), await submit(scene)]
    await submit(other, { steps: [[other.node], [site]] })
    await using held = await hold(first)
    await held.client.query('UPDATE job SET epoch = 1 WHERE id = $1', [first.jobs[0]?.id])
    await held.client.query('UPDATE turn SET served = 1 WHERE component_id = $1 AND project_id = $2', [site, scene.projectId])
    expect(await artifactOf(site)).toBe(second.id)
  })

  it('the looks for lapsed leases and deadlines pass over it, and find it when it is released', async () => {
    const scene = await newScene(store, 1)
    const held = [await submit(scene), await submit(scene, { timeoutMs: 1 })]
    const free = [await submit(scene), await submit(scene, { timeoutMs: 1 })]
    for (const _ of [...held, ...free]) await claim(store, scene.sites[0]!, 1)
    await passTime(store, 2)
    const look = async () => [await store.jobs.expireLeases(), await store.artifacts.passDeadlines()]
    const changed = (looked: Awaited<ReturnType<typeof look>>) => looked.map(({ artifactIds }) => artifactIds)
    const holding = await hold(...held)
    const before = await look()
    expect(changed(before)).toEqual([free.map(({ id }) => id), [free[1]!.id]])
    expect(before.flatMap(({ problems }) => problems)).toEqual([])
    await holding[Symbol.asyncDispose]()
    await expect.poll(async () => changed(await look())).toEqual([held.map(({ id }) => id), [held[1]!.id]])
  })

  async function twoProjects(): Promise<{ readonly scene: Scene; readonly other: Scene; readonly site: ComponentId }> {
    const scene = await newScene(store, 1)
    const other = { ...scene, projectId: (await newProject(store)).id }
    return { scene, other, site: scene.sites[0]! }
  }
}
