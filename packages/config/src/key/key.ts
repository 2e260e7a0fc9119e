import type { z } from 'zod'

/** One key of the file: what it may hold, what it is when nobody sets it, and what it is for. */
export interface Key<T> {
  readonly kind: 'key'
  readonly schema: z.ZodType<T>
  /** What a right value is, as a problem says it. */
  readonly expects: string
  readonly default: T
  /** Whether it has to be set where its section stands: an item of a list has no default for what makes it itself. */
  readonly required: boolean
  readonly secret: boolean
  readonly about: string
}

/** A list of sections. */
export interface List<S extends Section> {
  readonly kind: 'list'
  readonly item: S
  readonly about: string
}

/** Sections under names that the writer chooses. */
export interface Named<S extends Section> {
  readonly kind: 'named'
  readonly item: S
  readonly about: string
}

export type Entry = Key<unknown> | List<Section> | Named<Section> | Section

/** Keys, lists and sections by their name in the file. */
export interface Section {
  readonly [name: string]: Entry
}

/** The values of a section, as the program gets them: still under the names of the file. Named sections come in their order. */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Key<infer T>
    ? T
    : S[K] extends List<infer I>
      ? readonly Values<I>[]
      : S[K] extends Named<infer I>
        ? readonly (readonly [name: string, values: Values<I>])[]
        : Values<S[K]>
}

export function isKey(entry: Entry): entry is Key<unknown> {
  return (entry as { kind?: unknown }).kind === 'key'
}

export function isList(entry: Entry): entry is List<Section> {
  return (entry as { kind?: unknown }).kind === 'list'
}

export function isNamed(entry: Entry): entry is Named<Section> {
  return (entry as { kind?: unknown }).kind === 'named'
}
