import { createHash, randomBytes } from 'node:crypto'
import { type ArtifactEvent, type ComponentId, type JobStatus, makeId, type Operation } from '@flotta/contract'
import { expect } from 'vitest'
import type { ComponentRecord } from '../ports/component-record.ts'
import type { ClaimedJob, JobRecord, LeaseRef, PlannedArtifact, PlannedBarrier, PlannedJob, Store } from '../ports/store.ts'

export const LEASE_MS = 60_000
export const operation: Operation = { kind: 'Aggregation', strategy: 'merge' }
/** How an attempt failed whose process is gone. */
export const crash = { code: 'worker_crashed', message: 'gone' } as const

export function newId<const Prefix extends Parameters<typeof makeId>[0]>(prefix: Prefix) {
  return makeId(prefix, randomBytes(26))
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export const output = (text = 'output') => {
  return { digest: digestOf(text), bytes: text.length, content: null, metrics: null, stop: false }
}

export async function newComponent(
  store: Store,
  kind: ComponentRecord['kind'] = 'client',
  name = 'site',
): Promise<ComponentRecord> {
  const id = newId('cmp')
  const component = {
    id,
    kind,
    name,
    key: { id, signingKey: 'A'.repeat(43), sealingKey: 'B'.repeat(43), signature: 'C'.repeat(86) },
    state: 'active' as const,
  }
  expect(await store.components.register(component)).toBe('registered')
  return { ...component, url: null, state: 'active', homeId: null }
}

export async function newProject(store: Store) {
  return store.projects.ensure({
    id: newId('prj'),
    name: 'study',
    tokenId: newId('prj'),
    tokenVerifier: 'verifier',
    state: 'active',
  })
}

/** A project with a researcher, a node and some sites. */
export interface Scene {
  readonly store: Store
  readonly projectId: PlannedArtifact['projectId']
  readonly node: ComponentId
  readonly researcher: ComponentId
  readonly sites: readonly ComponentId[]
}

export async function newScene(store: Store, siteCount = 3): Promise<Scene> {
  const project = await newProject(store)
  const node = await newComponent(store, 'node', 'node')
  const researcher = await newComponent(store, 'workbench', 'researcher')
  const sites: ComponentId[] = []
  for (let i = 0; i < siteCount; i++) sites.push((await newComponent(store, 'client', `site ${i}`)).id)
  return { store, projectId: project.id, node: node.id, researcher: researcher.id, sites }
}

interface PlanOptions {
  readonly maxAttempts?: number
  /** How many of the first step's jobs open the barrier; all by default. */
  readonly quorum?: number
  /** How long everybody of the first step is waited for. */
  readonly timeoutMs?: number
  /** Which step that is; the first unless told. */
  readonly timedStep?: number
  readonly requestId?: string
  /** Who does each step; by default every site, then the node. */
  readonly steps?: readonly (readonly ComponentId[])[]
}

/** Steps of which each waits for the one before; the last one's first job is released to the researcher. */
export function plan(scene: Scene, options: PlanOptions = {}): PlannedArtifact {
  const steps = options.steps ?? [scene.sites, [scene.node]]
  const jobs: PlannedJob[] = []
  const last = steps.length - 1
  for (const [stepIndex, doers] of steps.entries()) {
    for (const [i, componentId] of doers.entries()) {
      jobs.push({
        id: newId('job'),
        ordinal: jobs.length,
        stepIndex,
        componentId,
        operation,
        waitsFor: stepIndex === 0 ? undefined : stepIndex - 1,
        feeds: stepIndex === last ? undefined : stepIndex,
        uses: [],
        outputId: newId('res'),
        recipientIds: steps[stepIndex + 1] ?? [scene.researcher],
        released: stepIndex === last && i === 0,
        until: undefined,
      })
    }
  }
  const barriers: PlannedBarrier[] = steps.slice(0, -1).map((doers, index) => ({
    index,
    needed: index === 0 ? (options.quorum ?? doers.length) : doers.length,
    timeoutMs: index === (options.timedStep ?? 0) ? options.timeoutMs : undefined,
  }))
  return {
    id: newId('art'),
    projectId: scene.projectId,
    submitterId: scene.researcher,
    requestId: options.requestId ?? newId('art'),
    requestDigest: digestOf('plan'),
    artifact: { label: 'mean age', steps: [] },
    maxAttempts: options.maxAttempts ?? 3,
    jobs,
    barriers,
  }
}

export async function submit(scene: Scene, options: PlanOptions = {}): Promise<PlannedArtifact> {
  const planned = plan(scene, options)
  expect((await scene.store.artifacts.create(planned)).kind).toBe('created')
  return planned
}

export async function claim(store: Store, componentId: ComponentId, leaseMs = LEASE_MS): Promise<ClaimedJob> {
  const claimed = await store.jobs.claim(componentId, leaseMs)
  if (claimed === undefined) throw new Error('there was nothing to claim')
  return claimed.job
}

export const leaseOf = ({ id, componentId, epoch }: ClaimedJob): LeaseRef => ({ jobId: id, componentId, epoch })

/** Claims and completes the next job of a component. */
export async function work(store: Store, componentId: ComponentId): Promise<ClaimedJob> {
  const job = await claim(store, componentId)
  expect((await store.jobs.complete(leaseOf(job), output(job.id))).kind).toBe('completed')
  return job
}

export async function artifactOf(store: Store, { id }: PlannedArtifact) {
  const artifact = await store.artifacts.find(id)
  if (artifact === undefined) throw new Error('the artifact is not there')
  return artifact
}

export async function statusesOf(store: Store, planned: PlannedArtifact): Promise<JobStatus[]> {
  return (await artifactOf(store, planned)).jobs.map((job: JobRecord) => job.status)
}

/** All events of an artifact, read page by page. */
export async function eventsOf(store: Store, { id }: PlannedArtifact): Promise<ArtifactEvent[]> {
  const all: ArtifactEvent[] = []
  for (;;) {
    const page = await store.artifacts.events(id, all.length)
    if (page.length === 0) return all
    all.push(...page)
  }
}

export function expectGapless(events: readonly ArtifactEvent[]): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1))
}

/** Returns once the database's clock has moved on by more than some milliseconds. */
export async function passTime(store: Store, ms: number): Promise<void> {
  const until = (await store.nowMs()) + ms
  while ((await store.nowMs()) <= until) await new Promise((resolve) => setTimeout(resolve, 2))
}
