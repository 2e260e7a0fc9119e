import { z } from 'zod'
import { Secret } from './secret.ts'

/** One key of the file: what it may hold, what it is when nobody sets it, and what it is for. */
export interface Key<T> {
  readonly kind: 'key'
  readonly schema: z.ZodType<T>
  /** What a right value is, as a problem says it. */
  readonly expects: string
  readonly default: T
  readonly secret: boolean
  readonly about: string
}

/** A list of sections. */
export interface List<S extends Section> {
  readonly kind: 'list'
  readonly item: S
}

/** Keys, lists and sections by their name in the file. */
export interface Section {
  readonly [name: string]: Key<unknown> | List<Section> | Section
}

/** The values of a section, as the program gets them: still under the names of the file. */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Key<infer T> ? T : S[K] extends List<infer I> ? readonly Values<I>[] : Values<S[K]>
}

interface About<T> {
  readonly default: T
  readonly about: string
}

export function isKey(entry: Section[string]): entry is Key<unknown> {
  return (entry as { kind?: unknown }).kind === 'key'
}

export function isList(entry: Section[string]): entry is List<Section> {
  return (entry as { kind?: unknown }).kind === 'list'
}

export function list<S extends Section>(item: S): List<S> {
  return { kind: 'list', item }
}

export function text({ default: fallback, about }: About<string>, { min = 0, max = 4096 } = {}): Key<string> {
  const expects = min > 0 ? 'a text that is not empty' : 'a text'
  return { kind: 'key', schema: z.string().min(min).max(max), expects, default: fallback, secret: false, about }
}

export function optionalText(about: string): Key<string | undefined> {
  return {
    kind: 'key',
    schema: z.string().min(1).max(4096).optional(),
    expects: 'a text',
    default: undefined,
    secret: false,
    about,
  }
}

export function flag({ default: fallback, about }: About<boolean>): Key<boolean> {
  return { kind: 'key', schema: z.boolean(), expects: 'true or false', default: fallback, secret: false, about }
}

export function integer({ default: fallback, about }: About<number>, min: number, max: number): Key<number> {
  const expects = `an integer from ${min} to ${max}`
  return { kind: 'key', schema: z.int().min(min).max(max), expects, default: fallback, secret: false, about }
}

export function seconds({ default: fallback, about }: About<number>, min: number, max: number): Key<number> {
  const expects = `a number of seconds from ${min} to ${max}`
  return { kind: 'key', schema: z.number().min(min).max(max), expects, default: fallback, secret: false, about }
}

export function choice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  { default: fallback, about }: About<Options[number]>,
  expects = `one of ${options.join(', ')}`,
): Key<Options[number]> {
  return {
    kind: 'key',
    schema: z.enum(options as unknown as [string, ...string[]]) as z.ZodType<Options[number]>,
    expects,
    default: fallback,
    secret: false,
    about,
  }
}

export function httpUrl(about: string): Key<string> {
  const schema = z.string().refine((value) => value === '' || isPlainUrl(value))
  return {
    kind: 'key',
    schema,
    expects: 'an http or https URL without user, query and fragment',
    default: '',
    secret: false,
    about,
  }
}

export function secret(about: string): Key<Secret> {
  const schema = z
    .string()
    .max(4096)
    .transform((value) => new Secret(value))
  return { kind: 'key', schema, expects: 'a text', default: new Secret(''), secret: true, about }
}

/** One secret or a list of them. */
export function secrets(about: string): Key<readonly Secret[]> {
  const one = z.string().min(1).max(4096)
  const schema = z
    .union([one.transform((value) => [value]), z.array(one)])
    .transform((values) => values.map((value) => new Secret(value)))
  return { kind: 'key', schema, expects: 'a token or a list of tokens', default: [], secret: true, about }
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return (protocol === 'http:' || protocol === 'https:') && `${username}${password}${search}${hash}` === ''
}
