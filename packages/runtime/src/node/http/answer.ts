import type { Readable } from 'node:stream'

/** What a handler answers: JSON, a stream of sealed bytes, or events as they happen (`null` keeps the connection alive). */
export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'resource'; readonly stream: Readable; readonly digest: string; readonly bytes: number }
  | { readonly kind: 'events'; readonly events: AsyncIterable<{ readonly sequence: number } | null> }
