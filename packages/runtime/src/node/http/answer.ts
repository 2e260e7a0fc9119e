import type { Readable } from 'node:stream'

/** What a handler answers: JSON, a stream of sealed bytes, events as they happen (`null` keeps the connection alive), or another node's answer. */
export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'resource'; readonly stream: Readable; readonly digest: string; readonly bytes: number }
  | { readonly kind: 'events'; readonly events: AsyncIterable<{ readonly sequence: number } | null> }
  | ({ readonly kind: 'relayed' } & RelayedAnswer)

/** What another node answered, signed and sealed by that node for the one who asked. */
export interface RelayedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly stream: Readable
}
