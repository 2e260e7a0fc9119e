import type { Store } from '@flotta/runtime/ports'
import { claim, LEASE_MS, leaseOf, newScene, output, type Scene, submit } from '../../../runtime/src/testing/store-fixtures.ts'

/** Tables that grow with what a node has done; no statement may read one of them from end to end. */
export const growingTables = ['artifact', 'job', 'event', 'barrier', 'audience', 'turn']

/** How many jobs are over. */
export const FINISHED = 10_000

/** In as many artifacts besides a large one. */
const ARTIFACTS = 120

/** Two sites and a past: everything that was ever open has been cancelled. */
export async function filledScene(store: Store): Promise<Scene> {
  const scene = await newScene(store, 2)
  const site = scene.sites[0]!
  const large = await submit(scene, { steps: [Array.from({ length: FINISHED }, () => site)] })
  const small = await Promise.all(Array.from({ length: ARTIFACTS }, () => submit(scene)))
  await Promise.all([large, ...small].map(({ id }) => store.artifacts.cancel(id)))
  return scene
}

/** What a node does again and again; in this order. */
export const everydayWork: readonly [string, (scene: Scene) => Promise<unknown>][] = [
  ['a claim in vain', ({ store, sites }) => store.jobs.claim(sites[1]!, LEASE_MS)],
  [
    'a claim, its renewal and its completion',
    async (scene) => {
      const { jobs } = scene.store
      await submit(scene)
      const lease = leaseOf(await claim(scene.store, scene.sites[0]!))
      await jobs.renew(lease, LEASE_MS)
      await jobs.complete(lease, output())
    },
  ],
  [
    'a failure',
    async ({ store, sites }) => {
      const lease = leaseOf(await claim(store, sites[1]!))
      await store.jobs.fail(lease, { code: 'worker_crashed', message: '' }, 0)
    },
  ],
  ['the look for lapsed leases', async ({ store }) => store.jobs.expireLeases(await store.nowMs())],
  ['the look for deadlines', ({ store }) => store.artifacts.passDeadlines()],
  ['the look for leftovers', ({ store }) => store.artifacts.leftovers(5)],
  [
    'cancelling, and its events',
    async (scene) => {
      const { id } = await submit(scene)
      await scene.store.artifacts.cancel(id)
      await scene.store.artifacts.events(id, 0)
    },
  ],
]
