import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArtifactEvent, ArtifactId } from '@flotta/contract'
import type { ArtifactRecord, JobRecord, Store } from '@flotta/runtime/ports'

/** What the node remembers of all that was done. */
export interface Record {
  /** What is wrong: nothing, where each effect happened once. */
  readonly problems: readonly string[]
  readonly artifacts: number
  readonly jobs: number
  /** Attempts that came to nothing. */
  readonly retries: number
}

/** Looks through all that a stopped node has in its database and its folder of resources. */
export async function inspect(store: Store, resources: string, components: number): Promise<Record> {
  const artifacts = await allArtifacts(store)
  const problems: string[] = []
  for (const artifact of artifacts) problems.push(...wrongWith(artifact, await allEvents(store, artifact.id)))
  problems.push(...(await wrongResources(store, artifacts, resources)))
  const known = (await store.inventory.components({}, { limit: 1000 })).items.length
  if (known !== components) problems.push(`${known} components are known instead of ${components}`)
  const jobs = artifacts.flatMap((artifact) => artifact.jobs)
  const retries = jobs.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0)
  return { problems, artifacts: artifacts.length, jobs: jobs.length, retries }
}

async function allArtifacts(store: Store): Promise<ArtifactRecord[]> {
  const found: ArtifactRecord[] = []
  let after: string | undefined
  do {
    const { items, next } = await store.inventory.artifacts({}, { limit: 200, after })
    for (const { id } of items) found.push((await store.artifacts.find(id))!)
    after = next
  } while (after !== undefined)
  return found
}

async function allEvents(store: Store, id: ArtifactId): Promise<ArtifactEvent[]> {
  const events: ArtifactEvent[] = []
  for (;;) {
    const more = await store.artifacts.events(id, events.at(-1)?.sequence ?? 0)
    if (more.length === 0) return events
    events.push(...more)
  }
}

function wrongWith({ id, status, jobs }: ArtifactRecord, events: readonly ArtifactEvent[]): string[] {
  const problems: string[] = []
  if (status !== 'COMPLETED') problems.push(`it is ${status}`)
  if (events.some(({ sequence }, index) => sequence !== index + 1)) problems.push('its events have a gap')
  const ends = events.filter((event) => event.job === null && event.artifactStatus === 'COMPLETED')
  if (ends.length !== 1 || events.at(-1) !== ends[0]) problems.push(`it ended ${ends.length} times, or something came after`)
  for (const job of jobs) problems.push(...wrongJob(job, events))
  return problems.map((problem) => `artifact ${id}: ${problem}`)
}

function wrongJob({ id, operation, status, attempts, failures }: JobRecord, events: readonly ArtifactEvent[]): string[] {
  const told = events.flatMap(({ job }) => (job?.id === id ? [job.status] : []))
  const count = (state: string) => told.filter((each) => each === state).length
  const wrong: [boolean, string][] = [
    [status !== 'COMPLETED' && status !== 'SKIPPED', `it is ${status}`],
    [count(status) !== 1 || told.at(-1) !== status, `it became ${status} ${count(status)} times, or something came after`],
    [count('RUNNING') !== attempts, `${attempts} attempts, of which ${count('RUNNING')} were told`],
    [status === 'COMPLETED' && failures.length !== attempts - 1, `${failures.length} reasons for ${attempts} attempts`],
  ]
  return wrong.filter(([is]) => is).map(([, problem]) => `${operation} ${id}: ${problem}`)
}

/** Each released result is there once, whole: in the database where it is small, else as a file. No other file is there. */
async function wrongResources(store: Store, artifacts: readonly ArtifactRecord[], folder: string): Promise<string[]> {
  const problems: string[] = []
  const wanted = new Map<string, string>()
  for (const { id, digest } of artifacts.flatMap(({ result }) => result ?? [])) {
    const content = (await store.jobs.findResource(id))?.stored?.content ?? null
    if (content === null) wanted.set(id, digest)
    else if (sha256(content) !== digest) problems.push(`resource ${id} is damaged in the database`)
  }
  for (const file of filesIn(folder)) {
    const [id = '', name = ''] = file.split('/').slice(-2)
    const digest = wanted.get(id)
    if (digest !== name) problems.push(`resource ${id}/${name} is left over`)
    else if (sha256(readFileSync(file)) !== name) problems.push(`resource ${id} is damaged`)
    else wanted.delete(id)
  }
  for (const id of wanted.keys()) problems.push(`resource ${id} is missing`)
  return problems
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Files of jobs that nobody runs any more, in the folders of these components. */
export function forgottenFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => filesIn(join(folder, 'jobs'))).map((file) => `${file} is left of a job`)
}
