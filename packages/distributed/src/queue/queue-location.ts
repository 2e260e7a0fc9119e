/** Where a queue is. What is secret is asked for when a connection is made. */
export type QueueLocation =
  | { readonly kind: 'redis'; readonly url: () => string }
  /** Tables of the queue's own, in a schema of its own, which is made when absent. */
  | { readonly kind: 'postgresql'; readonly url: () => string; readonly schema: string }
