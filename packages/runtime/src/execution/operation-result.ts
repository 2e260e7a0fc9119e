import type { Metrics } from '@flotta/contract'

/** What an operation gives: its product as it is written to the file, and what it tells the node beside it. */
export interface OperationResult {
  readonly product: Uint8Array
  readonly metrics: Metrics | null
}
