import type { Section } from '../key/key.ts'
import { keyPath } from './key-path.ts'
import type { Path } from './layers.ts'

/** Variables that begin with FLOTTA_ and belong to other tools. */
const FOREIGN = new Set(['FLOTTA_HOME', 'FLOTTA_BENCH_DATA', 'FLOTTA_URL', 'FLOTTA_TOKEN', 'FLOTTA_FOLDER'])

/** A key that the environment sets. */
export interface EnvironmentValue {
  readonly variable: string
  /** Undefined where no key has this name. */
  readonly path: Path | undefined
  readonly text: string
}

/** The keys that `FLOTTA_` variables set: `FLOTTA_NODE__PORT` is `node.port`, `FLOTTA_DATASOURCES__0__PATH` an item of a list. */
export function environmentValues(env: Readonly<Record<string, string | undefined>>, keys: Section): EnvironmentValue[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith('FLOTTA_') || FOREIGN.has(variable) || text === undefined || text === '') return []
    return [{ variable, text, path: keyPath(variable.slice('FLOTTA_'.length).split('__'), keys, lowerCase) }]
  })
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}
