import type { Task } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import type { Outbox, Parcel } from './outbox.ts'
import type { SealedProduct, TaskSource } from './task-source.ts'

/** What an engine works with for one task. */
export interface Production {
  /** Where inputs are fetched from. */
  readonly source: Pick<TaskSource, 'fetch'>
  /** Where a product of this machine is kept until it is delivered. */
  readonly outbox: Outbox
  /** Aborts when the work is not wanted any more, or there is no more time for it. */
  readonly signal: AbortSignal
  readonly logger: Logger
}

/** Does the work of a task, from its inputs to its sealed product, wherever that is. Rejects with a `FlottaError`, or when the signal aborts. */
export type ProductEngine<Product extends SealedProduct = SealedProduct> = (
  task: Task,
  production: Production,
) => Promise<Parcel<Product>>
