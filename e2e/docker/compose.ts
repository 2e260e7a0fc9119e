import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'

/** A service, as far as this project's file says something of it. */
export interface Service {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly user?: string
  readonly restart: string
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
  readonly volumes: Readonly<Record<string, null>>
}

/** Reads a compose file; with an environment, its variables are filled in. @throws {Error} when a variable that it needs is not set */
export function readCompose(file: string, env?: Readonly<Record<string, string>>): Compose {
  const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as Compose
  return env === undefined ? compose : (filled(compose, env) as Compose)
}

function filled(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, sign, text) => variable(name, sign, text, env))
  if (Array.isArray(value)) return value.map((item) => filled(item, env))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, env)]))
}

function variable(name: string, sign: string | undefined, text: string, env: Readonly<Record<string, string>>): string {
  const given = env[name] ?? ''
  if (given === '' && sign === '?') throw new Error(`${name}: ${text}`)
  return given === '' && sign === '-' ? text : given
}

export interface Mount {
  /** A path of this machine, or the name of a volume. */
  readonly source: string
  readonly isVolume: boolean
  readonly target: string
  readonly readOnly: boolean
}

/** A volume of a service whose variables are filled in; relative paths start from the folder of the file. */
export function mountOf(text: string, file: string): Mount {
  const [source = '', target = '', mode] = text.split(':')
  const isVolume = /^[a-z]+$/.test(source)
  return { source: isVolume ? source : resolve(dirname(file), source), isVolume, target, readOnly: mode === 'ro' }
}
