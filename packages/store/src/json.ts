/** A document as the database keeps it. */
export function toText(document: unknown): string {
  return JSON.stringify(document)
}

/** A document that this package wrote: it was checked before it came here, so its type is taken as written. */
export function fromText<T>(text: string): T {
  return JSON.parse(text) as T
}

/** The same for a document that may be absent. */
export function toTextOrNull(document: unknown): string | null {
  return document === null || document === undefined ? null : toText(document)
}

export function fromTextOrNull<T>(text: string | null): T | null {
  return text === null ? null : fromText<T>(text)
}
