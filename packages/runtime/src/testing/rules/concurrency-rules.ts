import type { ArtifactEvent, ComponentId } from '@flotta/contract'
import { expect, it } from 'vitest'
import type { PlannedArtifact, Store } from '../../ports/store.ts'
import {
  artifactOf,
  claim,
  crash,
  eventsOf,
  expectGapless,
  LEASE_MS,
  leaseOf,
  newScene,
  output,
  passTime,
  plan,
  statusesOf,
  submit,
} from '../store-fixtures.ts'

/** @param processes the store itself, and what other processes have of it */
export function concurrencyRules(store: () => Store, processes: () => readonly Store[]): void {
  /** The store as one of the processes has it that share a work. */
  const processOf = (worker: number) => processes()[worker % processes().length]!

  it('never hands one job to two claimers, and leaves none behind: 8 claimers, 200 jobs (E14)', async () => {
    const scene = await newScene(store(), 1)
    const site = scene.sites[0]!
    for (let i = 0; i < 4; i++) await submit(scene, { steps: [Array.from({ length: 50 }, () => site)] })
    const claimed = (await Promise.all(Array.from({ length: 8 }, (_, i) => claimAll(processOf(i), site)))).flat()
    expect(claimed).toHaveLength(200)
    expect(new Set(claimed).size).toBe(200)
  })

  it('opens a barrier once when everybody before it completes at the same time', async () => {
    const scene = await newScene(store(), 12)
    const planned = await submit(scene)
    const leases = await Promise.all(scene.sites.map(async (site) => leaseOf(await claim(store(), site))))
    const outcomes = await Promise.all(leases.map((lease, i) => processOf(i).jobs.complete(lease, output())))
    const woken = outcomes.flatMap((outcome): readonly string[] =>
      outcome.kind === 'completed' ? outcome.changes.readyFor : ['not completed'],
    )
    expect(woken).toEqual<string[]>([scene.node])
    const opened = (await eventsOf(store(), planned)).filter(({ job }) => job?.stepIndex === 1)
    expect(opened.map(({ job }) => job?.status)).toEqual(['READY'])
  })

  it('lets one completion take effect when it is sent many times at once', async () => {
    const scene = await newScene(store(), 1)
    const planned = await submit(scene)
    const lease = leaseOf(await claim(store(), scene.sites[0]!))
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, i) => processOf(i).jobs.complete(lease, output())))
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['completed', ...Array.from({ length: 9 }, () => 'duplicate')])
    const completed = (await eventsOf(store(), planned)).filter(({ job }) => job?.status === 'COMPLETED')
    expect(completed).toHaveLength(1)
  })

  it('ends a job once when completion, failure and expiry meet', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await newScene(store(), 2)
      const planned = await submit(scene, { maxAttempts: 1 })
      const lease = leaseOf(await claim(store(), scene.sites[0]!, 1))
      await passTime(store(), 2)
      const outcomes = await Promise.all([
        processOf(0).jobs.complete(lease, output()),
        processOf(1).jobs.fail(lease, crash, undefined),
        processOf(2).jobs.expireLeases(),
      ])
      const ended = (await eventsOf(store(), planned)).filter(({ job }) => job?.id === lease.jobId).slice(2)
      expect(ended).toHaveLength(1)
      const artifact = await artifactOf(store(), planned)
      const completed = outcomes[0].kind === 'completed'
      expect(artifact.jobs[0]?.status).toBe(completed ? 'COMPLETED' : 'FAILED')
      expect(artifact.status).toBe(completed ? 'RUNNING' : 'FAILED')
    }
  })

  it('ends or refuses an artifact whose worker leaves just when it is accepted', async () => {
    for (let round = 0; round < 8; round++) {
      const scene = await newScene(store(), 2)
      const planned = plan(scene)
      const creating = () => processOf(0).artifacts.create(planned)
      const leaving = () => processOf(1).components.retire(scene.sites[round % 2]!, 'left')
      await Promise.all(round < 4 ? [creating(), leaving()] : [leaving(), creating()])
      const artifact = await store().artifacts.find(planned.id)
      expect(artifact?.failure?.code ?? 'worker_left').toBe('worker_left')
      expect(artifact?.status ?? 'FAILED').toBe('FAILED')
    }
  })

  it('shows who reads along every event in order and without a gap, whatever happens at the same time', async () => {
    const scene = await newScene(store(), 6)
    const planned = await submit(scene, {
      steps: [...Array.from({ length: 6 }, () => scene.sites), [scene.node]],
      maxAttempts: 9,
    })
    const reader = followToEnd(store(), planned)
    await Promise.all([...scene.sites, scene.node].map((id, i) => workUntilEnded(processOf(i), id, planned)))
    const read = await reader
    expectGapless(read)
    expect(read).toEqual(await eventsOf(store(), planned))
    expect(new Set(await statusesOf(store(), planned))).toEqual(new Set(['COMPLETED']))
    expect(read.filter(({ job }) => job?.status === 'COMPLETED')).toHaveLength(37)
  })
}

async function claimAll(store: Store, id: ComponentId): Promise<string[]> {
  const claimed: string[] = []
  for (;;) {
    const next = await store.jobs.claim(id, LEASE_MS)
    if (next === undefined) return claimed
    claimed.push(next.job.id)
  }
}

/** A component that sends each completion twice, and now and then gives a job back first. */
async function workUntilEnded(store: Store, id: ComponentId, planned: PlannedArtifact): Promise<void> {
  for (let turn = 0; (await artifactOf(store, planned)).status !== 'COMPLETED'; turn++) {
    const next = await store.jobs.claim(id, LEASE_MS)
    if (next === undefined) {
      await passTime(store, 2)
      continue
    }
    const lease = leaseOf(next.job)
    if (turn % 5 === 1 && lease.epoch < 3) await store.jobs.fail(lease, crash, 0)
    else await Promise.all([store.jobs.complete(lease, output()), store.jobs.complete(lease, output())])
  }
}

async function followToEnd(store: Store, { id }: PlannedArtifact): Promise<ArtifactEvent[]> {
  const read: ArtifactEvent[] = []
  while (read.at(-1)?.artifactStatus !== 'COMPLETED') {
    read.push(...(await store.artifacts.events(id, read.at(-1)?.sequence ?? 0)))
    await passTime(store, 1)
  }
  return read
}
