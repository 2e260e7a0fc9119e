import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { digestStream } from '@flotta/client-sdk/transport'
import { type JobId, jobIdSchema, metricsSchema, parseJson, type Task, taskSchema } from '@flotta/contract'
import { z } from 'zod'
import type { CompletedWork, SealedFile } from './task-source.ts'

/** A sealed product that is to be delivered, with the task that it is for. */
export interface Parcel {
  readonly task: Task
  readonly sealed: SealedFile
  readonly work: CompletedWork
}

export interface OutboxOptions {
  readonly folder: string
  /** What the products were made under, such as the owner's policy in short; a product made under other terms is not delivered. */
  readonly terms: string
}

/** How long a product is kept whose lease has passed: its job may be handed out again. */
const KEEP_STALE_MS = 15 * 60_000

const entrySchema = z.strictObject({
  task: taskSchema,
  bytes: z.number().int().min(0),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  contentDigest: z.string(),
  work: z.strictObject({ metrics: metricsSchema.nullable(), stop: z.boolean() }),
  terms: z.string(),
})

/**
 * What a component has produced and not delivered yet, on its disk, so that a finished job survives the end of its process.
 *
 * The file stands before its entry. Nothing is flushed: what a power cut leaves half-written has not the digest that the entry
 * names, is dropped, and its job runs again. Products are sealed to their recipients before they come here.
 */
export class Outbox {
  readonly #folder: string
  readonly #terms: string
  readonly #parcels = new Map<JobId, Parcel>()
  readonly #staleSinceMs = new Map<JobId, number>()

  private constructor({ folder, terms }: OutboxOptions) {
    this.#folder = folder
    this.#terms = terms
  }

  /** Opens the folder, and drops what is damaged or was made under other terms. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options)
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const names = await readdir(options.folder)
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const parcel = await outbox.#read(name)
      if (parcel !== undefined) outbox.#parcels.set(parcel.task.jobId, parcel)
    }
    const wanted = new Set([...outbox.#parcels.keys()].flatMap((jobId) => [`${jobId}.json`, `${jobId}.sealed`]))
    await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => rm(join(options.folder, name), { force: true })))
    return outbox
  }

  /** Everything that is kept, in no order. */
  get parcels(): readonly Parcel[] {
    return [...this.#parcels.values()]
  }

  /** The product of an earlier attempt at the same job for the same readers: the job need not run again. */
  find(task: Task): Parcel | undefined {
    const parcel = this.#parcels.get(task.jobId)
    if (parcel === undefined || readersOf(parcel.task) !== readersOf(task)) return undefined
    this.#staleSinceMs.delete(task.jobId)
    return { ...parcel, task }
  }

  /** Takes a sealed file in: from now on it survives this process. */
  async keep(task: Task, sealed: SealedFile, work: CompletedWork): Promise<Parcel> {
    await this.#dropStale()
    const path = this.#path(task.jobId, 'sealed')
    await rename(sealed.path, path)
    const { bytes, digest, contentDigest } = sealed
    const { metrics, stop } = work
    const entry = this.#path(task.jobId, 'json')
    const bare = { ...task, contents: [] }
    const text = JSON.stringify({ task: bare, bytes, digest, contentDigest, work: { metrics, stop }, terms: this.#terms })
    await writeFile(`${entry}.part`, text, { mode: 0o600 })
    await rename(`${entry}.part`, entry)
    const parcel = { task: bare, sealed: { ...sealed, path }, work }
    this.#parcels.set(task.jobId, parcel)
    return parcel
  }

  /** Forgets a product: it was delivered, or will never be wanted. */
  async drop(jobId: JobId): Promise<void> {
    this.#parcels.delete(jobId)
    this.#staleSinceMs.delete(jobId)
    await rm(this.#path(jobId, 'json'), { force: true })
    await rm(this.#path(jobId, 'sealed'), { force: true })
  }

  /** Keeps a product for a while whose lease has passed. */
  markStale(jobId: JobId): void {
    if (this.#parcels.has(jobId)) this.#staleSinceMs.set(jobId, performance.now())
  }

  async #dropStale(): Promise<void> {
    const before = performance.now() - KEEP_STALE_MS
    for (const [jobId, sinceMs] of [...this.#staleSinceMs]) if (sinceMs < before) await this.drop(jobId)
  }

  async #read(name: string): Promise<Parcel | undefined> {
    try {
      const { task, bytes, digest, contentDigest, work, terms } = entrySchema.parse(
        parseJson(await readFile(join(this.#folder, name), 'utf8')),
      )
      const path = this.#path(task.jobId, 'sealed')
      if (terms !== this.#terms || name !== `${task.jobId}.json` || (await digestOf(path)) !== digest) return undefined
      return { task, sealed: { path, bytes, digest, contentDigest }, work }
    } catch {
      return undefined
    }
  }

  #path(jobId: JobId, kind: 'json' | 'sealed'): string {
    return join(this.#folder, `${jobIdSchema.parse(jobId)}.${kind}`)
  }
}

/** A job never changes, but the keys of those who read its product may. */
function readersOf({ output, until }: Task): string {
  const keys = (recipients: Task['output']['recipients']) => recipients.map(({ id, sealingKey }) => [id, sealingKey])
  return JSON.stringify([output.resourceId, keys(output.recipients), keys(until?.recipients ?? [])])
}

async function digestOf(path: string): Promise<string> {
  const digest = digestStream()
  await pipeline(createReadStream(path), digest, async (chunks) => {
    for await (const _ of chunks as AsyncIterable<unknown>);
  })
  return digest.hex()
}
