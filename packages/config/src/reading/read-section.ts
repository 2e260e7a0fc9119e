import { nearest } from '@flotta/contract'
import type { ConfigProblem } from '../config-error.ts'
import { type Entry, isKey, isList, isNamed, type Key, type Section, type Values } from '../key/key.ts'
import { type Layers, type Origin, type Path, pathText, type SetValue } from '../layers/layers.ts'

/** A value that is in force, and who set it. */
export interface ResolvedValue {
  readonly path: Path
  /** As the program has it; a secret is a `Secret`. */
  readonly value: unknown
  readonly origin: Origin
  /** `config.yaml:12`, `environment FLOTTA_NODE__PORT`, `flag node.port` or `default`. */
  readonly source: string
}

/** What reading collects besides the values. */
export interface Reading {
  readonly layers: Layers
  readonly problems: ConfigProblem[]
  readonly resolved: ResolvedValue[]
}

/** The values of a section at a path; whatever is wrong is added to the problems, and its default stands in for it. */
export function readSection<S extends Section>(section: S, path: Path, reading: Reading): Values<S> {
  refuseScalar(path, reading, 'a section with keys')
  refuseUnknown(section, path, reading)
  const values = Object.entries(section).map(([name, entry]) => [name, readEntry(entry, [...path, name], reading)])
  return Object.fromEntries(values) as Values<S>
}

function readEntry(entry: Entry, path: Path, reading: Reading): unknown {
  if (isKey(entry)) return readKey(entry, path, reading)
  if (isList(entry)) {
    refuseScalar(path, reading, 'a list')
    return reading.layers.childrenOf(path).map((index) => readSection(entry.item, [...path, index], reading))
  }
  if (isNamed(entry)) {
    refuseScalar(path, reading, 'names with keys below them')
    return reading.layers.childrenOf(path).map((name) => [String(name), readSection(entry.item, [...path, name], reading)])
  }
  return readSection(entry, path, reading)
}

function readKey(key: Key<unknown>, path: Path, { layers, problems, resolved }: Reading): unknown {
  const set = layers.get(path) ?? listAt(path, layers)
  const settle = (value: unknown, by: SetValue | undefined) => {
    resolved.push({ path, value, origin: by?.origin ?? 'default', source: by?.source ?? 'default' })
    return value
  }
  const refuse = (source: string, found: string) => {
    problems.push({ source, path: pathText(path), found, expected: `expected ${key.expects}` })
    return settle(key.default, undefined)
  }
  if (set === undefined || isUnset(set.value, key)) {
    return key.required ? refuse(sourceOf(path, layers), 'nothing') : settle(key.default, undefined)
  }
  const parsed = key.schema.safeParse(set.textual ? fromText(set.value, key) : set.value)
  return parsed.success ? settle(parsed.data, set) : refuse(set.source, shown(set.value, key))
}

/** Null is nothing; so is an empty text where the key wants something else, as in `port: ""`. */
function isUnset(value: unknown, { schema }: Key<unknown>): boolean {
  return value === null || (value === '' && !schema.safeParse('').success)
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
      source: sourceOf(at, layers),
      path: pathText(at),
      found: 'an unknown key',
      expected: suggestion === undefined ? `expected one of ${Object.keys(section).join(', ')}` : `did you mean ${suggestion}?`,
    })
  }
}

/** Where a path was set, or the first thing below it, or else the first thing in the nearest section around it. */
export function sourceOf(path: Path, layers: Layers): string {
  if (path.length === 0) return 'nowhere set'
  return layers.has(path) ? firstSource(path, layers) : sourceOf(path.slice(0, -1), layers)
}

function firstSource(path: Path, layers: Layers): string {
  return layers.get(path)?.source ?? firstSource([...path, layers.childrenOf(path)[0]!], layers)
}
