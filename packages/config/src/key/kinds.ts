import { z } from 'zod'
import { Secret } from '../secret.ts'
import type { Key, List, Named, Section } from './key.ts'

interface About<T> {
  readonly default: T
  readonly about: string
}

interface Length {
  readonly min?: number
  readonly max?: number
}

function key<T>(
  entry: Omit<Key<T>, 'kind' | 'required' | 'secret'> & { readonly required?: boolean; readonly secret?: boolean },
) {
  return { kind: 'key', required: false, secret: false, ...entry } as const satisfies Key<T>
}

export function list<S extends Section>(about: string, item: S): List<S> {
  return { kind: 'list', item, about }
}

export function named<S extends Section>(about: string, item: S): Named<S> {
  return { kind: 'named', item, about }
}

export function text({ default: fallback, about }: About<string>, { min = 0, max = 4096 }: Length = {}): Key<string> {
  const expects = min > 0 ? 'a text that is not empty' : 'a text'
  return key({ schema: z.string().min(min).max(max), expects, default: fallback, about })
}

/** A text that has to be there. */
export function requiredText(about: string, max = 4096): Key<string> {
  return key({ schema: z.string().min(1).max(max), expects: 'a text that is not empty', default: '', required: true, about })
}

export function optionalText(about: string, max = 4096): Key<string | undefined> {
  return key({ schema: z.string().min(1).max(max).optional(), expects: 'a text', default: undefined, about })
}

/** One text or a list of them. */
export function texts({ default: fallback, about }: About<readonly string[]>): Key<readonly string[]> {
  const one = z.string().max(4096)
  const schema = z.union([one.transform((value) => [value]), z.array(one)])
  return key<readonly string[]>({ schema, expects: 'a text or a list of texts', default: fallback, about })
}

export function flag({ default: fallback, about }: About<boolean>): Key<boolean> {
  return key({ schema: z.boolean(), expects: 'true or false', default: fallback, about })
}

export function integer({ default: fallback, about }: About<number>, min: number, max: number): Key<number> {
  return key({ schema: z.int().min(min).max(max), expects: `an integer from ${min} to ${max}`, default: fallback, about })
}

export function seconds({ default: fallback, about }: About<number>, min: number, max: number): Key<number> {
  const expects = `a number of seconds from ${min} to ${max}`
  return key({ schema: z.number().min(min).max(max), expects, default: fallback, about })
}

export function choice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  { default: fallback, about }: About<Options[number]>,
): Key<Options[number]> {
  const schema = z.enum(options as unknown as [string, ...string[]]) as z.ZodType<Options[number]>
  return key({ schema, expects: `one of ${options.join(', ')}`, default: fallback, about })
}

/** A choice that need not be made. */
export function optionalChoice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  about: string,
): Key<Options[number] | undefined> {
  const schema = z.enum(options as unknown as [string, ...string[]]).optional() as z.ZodType<Options[number] | undefined>
  return key<Options[number] | undefined>({ schema, expects: `one of ${options.join(', ')}`, default: undefined, about })
}

export function httpUrl(about: string): Key<string> {
  const schema = z.string().refine((value) => value === '' || isPlainUrl(value))
  return key({ schema, expects: 'an http or https URL without user, query and fragment', default: '', about })
}

export function hostOrUrl(about: string): Key<string> {
  const schema = z.string().refine((value) => value === '' || isPlainUrl(value) || isHost(value))
  return key({ schema, expects: 'a host name, or an http or https URL without user, query and fragment', default: '', about })
}

export function secret(about: string): Key<Secret> {
  const schema = z
    .string()
    .max(4096)
    .transform((value) => new Secret(value))
  return key({ schema, expects: 'a text', default: new Secret(''), secret: true, about })
}

/** A secret that has to be there. */
export function requiredSecret(about: string): Key<Secret> {
  const schema = z
    .string()
    .min(1)
    .max(4096)
    .transform((value) => new Secret(value))
  return key({ schema, expects: 'a text that is not empty', default: new Secret(''), required: true, secret: true, about })
}

/** A URL of one of some protocols, which may hold a user and a password and is kept like one. */
export function secretUrl(protocols: readonly string[], about: string): Key<Secret> {
  const schema = z
    .string()
    .refine((value) => value === '' || (URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1))))
    .transform((value) => new Secret(value))
  return key({ schema, expects: `a URL of ${protocols.join(' or ')}`, default: new Secret(''), secret: true, about })
}

/** One secret or a list of them. */
export function secrets(about: string): Key<readonly Secret[]> {
  const one = z.string().min(1).max(4096)
  const schema = z
    .union([one.transform((value) => [value]), z.array(one).min(1)])
    .transform((values) => values.map((value) => new Secret(value)))
  return key<readonly Secret[]>({
    schema,
    expects: 'a token or a list of tokens',
    default: [],
    required: true,
    secret: true,
    about,
  })
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return (protocol === 'http:' || protocol === 'https:') && `${username}${password}${search}${hash}` === ''
}

/** A host name (RFC 1123) or an address, without a port. */
function isHost(value: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$/.test(value) || /^\[[0-9A-Fa-f:.]+\]$/.test(value)
}
