import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { digestStream, digestsOf } from '@flotta/client-sdk/transport'
import { type JobId, jobIdSchema, metricsSchema, parseJson, type Task, taskSchema } from '@flotta/contract'
import { z } from 'zod'
import type { CompletedWork, OwnProduct, SealedProduct } from './task-source.ts'

/** A sealed product that is to be delivered, with the task that it is for. */
export interface Parcel<Product extends SealedProduct = SealedProduct> {
  readonly task: Task
  readonly sealed: Product
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
  sealed: z.strictObject({
    bytes: z.number().int().min(0),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    contentDigest: z.string(),
    content: z.base64().nullable(),
  }),
  work: z.strictObject({ metrics: metricsSchema.nullable(), stop: z.boolean() }),
  terms: z.string(),
})

/**
 * What a component has produced and not delivered yet, on its disk, so that a finished job survives the end of its process.
 *
 * A small product stands in its entry, a larger one in a file that is there before its entry. Nothing is flushed: what a power cut
 * leaves half-written has not the digest that the entry names, is dropped, and its job runs again. Products are sealed to their recipients before they come here.
 */
export class Outbox {
  readonly #folder: string
  readonly #terms: string
  readonly #parcels = new Map<JobId, Parcel<OwnProduct>>()
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
    const wanted = new Set(outbox.parcels.flatMap((parcel) => outbox.#filesOf(parcel).map((path) => basename(path))))
    await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => rm(join(options.folder, name), { force: true })))
    return outbox
  }

  /** Everything that is kept, in no order. */
  get parcels(): readonly Parcel<OwnProduct>[] {
    return [...this.#parcels.values()]
  }

  /** The product of an earlier attempt at the same job for the same readers: the job need not run again. */
  find(task: Task): Parcel<OwnProduct> | undefined {
    const parcel = this.#parcels.get(task.jobId)
    if (parcel === undefined || readersOf(parcel.task) !== readersOf(task)) return undefined
    this.#staleSinceMs.delete(task.jobId)
    return { ...parcel, task }
  }

  /** Takes a sealed product in: from now on it survives this process. */
  async keep(task: Task, product: OwnProduct, { metrics, stop }: CompletedWork): Promise<Parcel<OwnProduct>> {
    await this.#dropStale()
    const sealed = product.kind === 'file' ? { ...product, path: this.#path(task.jobId, 'sealed') } : product
    if (product.kind === 'file') await rename(product.path, this.#path(task.jobId, 'sealed'))
    const { bytes, digest, contentDigest } = sealed
    const content = sealed.kind === 'content' ? sealed.content.toString('base64') : null
    const parcel = { task: { ...task, contents: [] }, sealed, work: { metrics, stop } }
    const entry = { task: parcel.task, sealed: { bytes, digest, contentDigest, content }, work: parcel.work, terms: this.#terms }
    const path = this.#path(task.jobId, 'json')
    await writeFile(`${path}.part`, JSON.stringify(entry), { mode: 0o600 })
    await rename(`${path}.part`, path)
    this.#parcels.set(task.jobId, parcel)
    return parcel
  }

  /** Forgets a product: it was delivered, or will never be wanted. */
  async drop(jobId: JobId): Promise<void> {
    const parcel = this.#parcels.get(jobId)
    this.#parcels.delete(jobId)
    this.#staleSinceMs.delete(jobId)
    if (parcel !== undefined) await Promise.all(this.#filesOf(parcel).map((path) => unlink(path).catch(() => undefined)))
  }

  /** Keeps a product for a while whose lease has passed. */
  markStale(jobId: JobId): void {
    if (this.#parcels.has(jobId)) this.#staleSinceMs.set(jobId, performance.now())
  }

  async #dropStale(): Promise<void> {
    const before = performance.now() - KEEP_STALE_MS
    for (const [jobId, sinceMs] of [...this.#staleSinceMs]) if (sinceMs < before) await this.drop(jobId)
  }

  async #read(name: string): Promise<Parcel<OwnProduct> | undefined> {
    try {
      const entry = entrySchema.parse(parseJson(await readFile(join(this.#folder, name), 'utf8')))
      const { task, work, terms, sealed } = entry
      if (terms !== this.#terms || name !== `${task.jobId}.json`) return undefined
      const { content, ...digests } = sealed
      const product: OwnProduct =
        content === null
          ? { kind: 'file', path: this.#path(task.jobId, 'sealed'), ...digests }
          : { kind: 'content', content: Buffer.from(content, 'base64'), ...digests }
      return (await digestOf(product)) === sealed.digest ? { task, sealed: product, work } : undefined
    } catch {
      return undefined
    }
  }

  #filesOf({ task, sealed }: Parcel<OwnProduct>): string[] {
    return [this.#path(task.jobId, 'json'), ...(sealed.kind === 'file' ? [sealed.path] : [])]
  }

  #path(jobId: JobId, kind: 'json' | 'sealed'): string {
    return join(this.#folder, `${jobIdSchema.parse(jobId)}.${kind}`)
  }
}

/** Who reads the product of a task: a job never changes, but the keys of its readers may. */
export function readersOf({ output, until }: Task): string {
  const keys = (recipients: Task['output']['recipients']) => recipients.map(({ id, sealingKey }) => [id, sealingKey])
  return JSON.stringify([output.resourceId, keys(output.recipients), keys(until?.recipients ?? [])])
}

async function digestOf(product: OwnProduct): Promise<string> {
  if (product.kind === 'content') return digestsOf(product.content).digest
  const digest = digestStream()
  await pipeline(createReadStream(product.path), digest, async (chunks) => {
    for await (const _ of chunks as AsyncIterable<unknown>);
  })
  return digest.hex()
}
