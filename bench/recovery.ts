/** How soon a node works again after it was killed, with a long past and much under way. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { connect } from '@flotta/client-sdk'
import { connectNode } from '@flotta/client-sdk/transport'
import { type ArtifactId, type ComponentId, makeId, type ProjectId, proofPurposes, routes } from '@flotta/contract'
import { createToken, generateIdentity, type Identity, proveToken } from '@flotta/crypto'
import type { PlannedArtifact, Store } from '@flotta/runtime/ports'
import { openStore } from '@flotta/store'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { type Figure, median } from './statistics.ts'

const FINISHED = 10_000
const OPEN = 100
/** Transactions at once: SQLite flushes those that wait together once. */
const AT_ONCE = 200
const TRIES_EVERY_MS = 20

/** Kills and starts a node some times, and measures until it has handed a job out; the database is SQLite's. */
export async function benchRecovery({ starts = 5 } = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-recovery-'))
  const token = createToken('project')
  const start = (port = 0) => startNodeProcess({ folder, projects: { bench: token }, port })
  const site = generateIdentity()
  let node = await start()
  try {
    const port = Number(new URL(node.url).port)
    const parties = await introduce(node.url, site, token, folder)
    await node.kill()
    await fill(join(folder, 'node', 'node.db'), parties)
    const listening: number[] = []
    const dispatching: number[] = []
    for (let i = 0; i < starts; i++) {
      const began = performance.now()
      node = await start(port)
      listening.push(node.startMs)
      await askForWork(node, site)
      dispatching.push(performance.now() - began)
      await node.kill()
    }
    const value = median(dispatching)
    return [
      { name: 'a killed node listens again', value: median(listening), unit: 'ms', target: '', holds: null },
      { name: '… hands out jobs: 10,000 ended artifacts, 100 open', value, unit: 'ms', target: '≤ 3000', holds: value <= 3000 },
    ]
  } finally {
    await node.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Parties {
  readonly projectId: ProjectId
  readonly siteId: ComponentId
  readonly researcherId: ComponentId
}

/** Lets a client and a researcher join, as their programs do. */
async function introduce(url: string, site: Identity, token: string, folder: string): Promise<Parties> {
  const { connection, close } = await connectNode({ url, identity: site })
  const proof = (purpose: keyof typeof proofPurposes) =>
    proveToken(token, { prover: site.id, verifier: connection.nodeKey.id, purpose: proofPurposes[purpose] })
  const joining = { kind: 'client' as const, name: 'site', proofs: [proof('join')] }
  await connection.call(routes.node.join, { body: joining }, { introduce: true })
  const metadata = { name: 'table', publish: 'summary' as const, records: 100, features: [], problem: null }
  await connection.call(routes.client.publish, { body: { datasources: [{ metadata, proofs: [proof('attach')] }] } })
  await close()
  const workbench = await connect(url, { folder: join(folder, 'workbench') })
  const projectId = (await workbench.project(token)).id as ProjectId
  const researcherId = workbench.id as ComponentId
  await workbench.close()
  return { projectId, siteId: site.id as ComponentId, researcherId }
}

/** Writes the past and what is under way: artifacts of one job, through the store as the node does. */
async function fill(file: string, parties: Parties): Promise<void> {
  await using store = await openStore({ database: { kind: 'sqlite', file } })
  for (let done = 0; done < FINISHED; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => create(store, parties)))
    const leases: Lease[] = []
    for (let i = 0; i < AT_ONCE; i++) leases.push(await claim(store, parties.siteId))
    await Promise.all(leases.map((lease) => complete(store, lease)))
  }
  for (;;) {
    const leftovers = await store.artifacts.leftovers(1000)
    if (leftovers.length === 0) break
    await store.artifacts.removed(leftovers.map(({ artifactId }) => artifactId))
  }
  await Promise.all(Array.from({ length: OPEN }, () => create(store, parties)))
}

const newId = <const Prefix extends Parameters<typeof makeId>[0]>(prefix: Prefix) => makeId(prefix, randomBytes(26))

async function create(store: Store, { projectId, siteId, researcherId }: Parties): Promise<ArtifactId> {
  const id = newId('art')
  const planned: PlannedArtifact = {
    id,
    projectId,
    submitterId: researcherId,
    requestId: newId('art'),
    requestDigest: createHash('sha256').update(id).digest('hex'),
    artifact: { label: 'bench', steps: [] },
    maxAttempts: 100,
    barriers: [],
    jobs: [
      {
        id: newId('job'),
        ordinal: 0,
        stepIndex: 0,
        componentId: siteId,
        operation: { kind: 'Pass' },
        waitsFor: undefined,
        feeds: undefined,
        uses: [],
        outputId: newId('res'),
        recipientIds: [researcherId],
        released: true,
        until: undefined,
      },
    ],
  }
  await store.artifacts.create(planned)
  return id
}

type Lease = Parameters<Store['jobs']['renew']>[0]

async function claim(store: Store, componentId: ComponentId): Promise<Lease> {
  const claimed = await store.jobs.claim(componentId, 600_000)
  if (claimed === undefined) throw new Error('there was nothing to claim')
  return { jobId: claimed.job.id, componentId, epoch: claimed.job.epoch }
}

async function complete(store: Store, lease: Lease): Promise<void> {
  const digest = createHash('sha256').update(lease.jobId).digest('hex')
  await store.jobs.complete(lease, { digest, bytes: 1, content: null, metrics: null, stop: false })
}

/** Asks the node for work until it has handed out a job. */
async function askForWork({ url }: NodeProcess, identity: Identity): Promise<void> {
  for (;;) {
    try {
      const { connection, close } = await connectNode({ url, identity })
      const { task } = await connection.call(routes.task.next, { body: { waitS: 5 } })
      await close()
      if (task !== null) return
    } catch {
      await after(TRIES_EVERY_MS)
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await benchRecovery(), null, 2))
