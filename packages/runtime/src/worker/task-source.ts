import { readFile } from 'node:fs/promises'
import { type JobFailure, type Metrics, type ResourceId, SMALL_PRODUCT_BYTES, type Task } from '@flotta/contract'

/**
 * Where a worker gets its tasks from and brings its results to: over the network for a client, within the process for a node.
 *
 * Methods reject with a `FlottaError`; `stale_lease` and `not_found` mean that the work is not wanted any more.
 */
export interface TaskSource {
  /** The next task, or undefined when there was none within the wait. */
  next(waitS: number, signal: AbortSignal): Promise<Task | undefined>
  renew(task: Task): Promise<void>
  /** Fetches a sealed resource into a file. */
  fetch(resourceId: ResourceId, file: string, signal: AbortSignal): Promise<void>
  /** Brings the sealed product of a task where it is too large to go with the completion; brought twice, it is stored once. */
  deliver(task: Task, sealed: SealedFile, signal: AbortSignal): Promise<void>
  /** Completes a task. With `more` it asks for the next one at the same time: undefined where there is none at the moment. */
  complete(task: Task, sealed: SealedFile, work: CompletedWork, more: boolean): Promise<Task | undefined>
  fail(task: Task, failure: JobFailure): Promise<void>
}

/** What is said of a completed job beside its product. `stop`: the criterion of its rounds is met. */
export interface CompletedWork {
  readonly metrics: Metrics | null
  readonly stop: boolean
}

export interface SealedFile {
  readonly path: string
  readonly bytes: number
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** The same as the value of a Content-Digest header. */
  readonly contentDigest: string
}

/** Whether a sealed product goes with its completion. */
export function isSmall(bytes: number): boolean {
  return bytes <= SMALL_PRODUCT_BYTES
}

/** The bytes of a product that goes with its completion; null for one that is uploaded before. */
export async function smallContent({ path, bytes }: SealedFile): Promise<Buffer | null> {
  return isSmall(bytes) ? readFile(path) : null
}
