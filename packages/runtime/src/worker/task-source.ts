import type { JobFailure, Metrics, ResourceId, Task } from '@flotta/contract'

/**
 * Where a worker gets its tasks from and brings its results to: over the network for a client, within the process for a node.
 *
 * Methods reject with a `FlottaError`; `stale_lease`, `not_found` and `component_left` mean that the work is not wanted
 * any more.
 */
export interface TaskSource {
  /** The next task, or undefined when there was none within the wait. */
  next(waitS: number, signal: AbortSignal): Promise<Task | undefined>
  renew(task: Task): Promise<void>
  /** Fetches a sealed resource into a file. */
  fetch(resourceId: ResourceId, file: string, signal: AbortSignal): Promise<void>
  /** Brings the sealed product of a task that is too large to go with the completion; brought twice, it is stored once. */
  deliver(task: Task, sealed: SealedFile, signal: AbortSignal): Promise<void>
  /** Completes a task. With `more` it asks for the next one at the same time: undefined where there is none at the moment. */
  complete(task: Task, sealed: SealedProduct, work: CompletedWork, more: boolean): Promise<Task | undefined>
  fail(task: Task, failure: JobFailure): Promise<void>
}

/** What is said of a completed job beside its product. `stop`: the criterion of its rounds is met. */
export interface CompletedWork {
  readonly metrics: Metrics | null
  readonly stop: boolean
}

interface Sealed {
  readonly bytes: number
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** The same as the value of a Content-Digest header. */
  readonly contentDigest: string
}

/** A sealed product that goes with the completion of its job: the contract's `SMALL_PRODUCT_BYTES` at most. */
export interface SealedContent extends Sealed {
  readonly kind: 'content'
  readonly content: Buffer
}

/** A sealed product that is brought by itself, before its job is completed. */
export interface SealedFile extends Sealed {
  readonly kind: 'file'
  readonly path: string
}

/** A sealed product that is stored already where it is wanted. */
export interface StoredProduct extends Sealed {
  readonly kind: 'stored'
}

/** A sealed product of this machine. */
export type OwnProduct = SealedContent | SealedFile
export type SealedProduct = OwnProduct | StoredProduct
