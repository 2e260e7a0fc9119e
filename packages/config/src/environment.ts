import { isKey, isList, type Section } from './key.ts'

/** Variables that begin with FLOTTA_ and belong to other tools. */
const FOREIGN = new Set(['FLOTTA_HOME', 'FLOTTA_BENCH_DATA', 'FLOTTA_URL', 'FLOTTA_TOKEN', 'FLOTTA_FOLDER'])

/** A key that the environment sets. */
export interface EnvironmentValue {
  readonly variable: string
  /** Undefined where no key has this name. */
  readonly path: readonly (string | number)[] | undefined
  readonly text: string
}

/** The keys that `FLOTTA_` variables set: `FLOTTA_NODE__PORT` is `node.port`, `FLOTTA_DATASOURCES__0__PATH` an item of a list. */
export function environmentValues(env: Readonly<Record<string, string | undefined>>, keys: Section): EnvironmentValue[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith('FLOTTA_') || FOREIGN.has(variable) || text === undefined || text === '') return []
    const segments = variable.slice('FLOTTA_'.length).toLowerCase().split('__')
    return [{ variable, text, path: pathOf(segments, keys) }]
  })
}

function pathOf(segments: readonly string[], section: Section): (string | number)[] | undefined {
  const [name = '', ...rest] = segments
  const entry = Object.hasOwn(section, name) ? section[name] : undefined
  if (entry === undefined) return undefined
  if (isKey(entry))
    return rest.length === 0 || (rest.length === 1 && /^\d+$/.test(rest[0]!)) ? [name, ...rest.map(Number)] : undefined
  if (!isList(entry)) return prefixed([name], pathOf(rest, entry))
  const [index = '', ...inner] = rest
  return /^\d{1,3}$/.test(index) ? prefixed([name, Number(index)], pathOf(inner, entry.item)) : undefined
}

function prefixed(prefix: (string | number)[], path: (string | number)[] | undefined): (string | number)[] | undefined {
  return path && [...prefix, ...path]
}
