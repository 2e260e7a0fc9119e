import type { ConfigProblem } from './config-error.ts'
import { isKey, isList, type Key, type Section, type Values } from './key.ts'
import { type Layers, type Origin, type Path, pathText, type SetValue } from './layers.ts'
import { nearest } from './nearest.ts'

/** What reading collects besides the values. */
export interface Reading {
  readonly layers: Layers
  readonly problems: ConfigProblem[]
  readonly origins: Map<string, Origin>
}

/** The values of a section at a path; whatever is wrong is added to the problems, and its default stands in for it. */
export function readSection<S extends Section>(section: S, path: Path, reading: Reading): Values<S> {
  refuseScalar(path, reading, 'a section with keys')
  refuseUnknown(section, path, reading)
  const values = Object.entries(section).map(([name, entry]) => {
    const at = [...path, name]
    if (isKey(entry)) return [name, readKey(entry, at, reading)]
    if (!isList(entry)) return [name, readSection(entry, at, reading)]
    refuseScalar(at, reading, 'a list')
    const indices = reading.layers.childrenOf(at)
    return [name, indices.map((index) => readSection(entry.item, [...at, index], reading))]
  })
  return Object.fromEntries(values) as Values<S>
}

function readKey(key: Key<unknown>, path: Path, { layers, problems, origins }: Reading): unknown {
  const set = layers.get(path) ?? listAt(path, layers)
  origins.set(pathText(path), set?.origin ?? 'default')
  if (set === undefined || isUnset(set.value, key)) {
    if (!required(path)) return key.default
    problems.push({
      source: set?.source ?? 'nowhere set',
      path: pathText(path),
      found: 'nothing',
      expected: `expected ${key.expects}`,
    })
    return key.default
  }
  const parsed = key.schema.safeParse(set.textual ? fromText(set.value, key) : set.value)
  if (parsed.success) return parsed.data
  problems.push({ source: set.source, path: pathText(path), found: shown(set.value, key), expected: `expected ${key.expects}` })
  return key.default
}

/** Null is nothing; so is an empty text where the key wants something else, as in `port: ""`. */
function isUnset(value: unknown, { schema }: Key<unknown>): boolean {
  return value === null || (value === '' && !schema.safeParse('').success)
}

/** Items of lists have no defaults for what makes them themselves. */
function required(path: Path): boolean {
  return path.some((part) => typeof part === 'number') && ['name', 'path', 'token'].includes(String(path.at(-1)))
}

/** A list of scalars under a key that takes one or several. */
function listAt(path: Path, layers: Layers): SetValue | undefined {
  const items = layers.childrenOf(path).map((index) => layers.get([...path, index]))
  const [first] = items
  return first && { ...first, textual: false, value: items.map((item) => item?.value) }
}

/** Text of a variable as the key wants it: numbers and truth values are written as in YAML. */
function fromText(value: unknown, { schema }: Key<unknown>): unknown {
  if (typeof value !== 'string') return value
  if (schema.safeParse(value).success) return value
  if (value === 'true' || value === 'false') return value === 'true'
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
}

function shown(value: unknown, { secret }: Key<unknown>): string {
  if (secret) return '***'
  return typeof value === 'string' ? `"${value.slice(0, 100)}"` : String(JSON.stringify(value)).slice(0, 100)
}

function refuseScalar(path: Path, { layers, problems }: Reading, expected: string): void {
  const set = layers.get(path)
  if (set && set.value !== null)
    problems.push({
      source: set.source,
      path: pathText(path),
      found: JSON.stringify(set.value).slice(0, 100),
      expected: `expected ${expected}`,
    })
}

function refuseUnknown(section: Section, path: Path, { layers, problems }: Reading): void {
  for (const name of layers.childrenOf(path)) {
    if (Object.hasOwn(section, name)) continue
    const at = [...path, name]
    const suggestion = nearest(String(name), Object.keys(section))
    problems.push({
      source: firstSource(at, layers),
      path: pathText(at),
      found: 'an unknown key',
      expected: suggestion === undefined ? `expected one of ${Object.keys(section).join(', ')}` : `did you mean ${suggestion}?`,
    })
  }
}

function firstSource(path: Path, layers: Layers): string {
  const own = layers.get(path)
  if (own) return own.source
  const [child] = layers.childrenOf(path)
  return child === undefined ? '' : firstSource([...path, child], layers)
}
