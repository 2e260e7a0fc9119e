import type { ConfigProblem } from '../config-error.ts'
import type { Section } from '../key/key.ts'
import { environmentValues } from './environment.ts'
import { interpolate } from './interpolate.ts'
import { keyPath } from './key-path.ts'
import { Layers, type Path, pathText } from './layers.ts'
import type { YamlFile } from './yaml-file.ts'

export interface Sources {
  readonly file: YamlFile | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values by their dotted path. */
  readonly flags: Readonly<Record<string, unknown>>
}

/** All that is set, the file first, then the environment, then flags; what can't be read is added to the problems. */
export function readLayers({ file, env, flags }: Sources, keys: Section, problems: ConfigProblem[]): Layers {
  const layers = new Layers()
  if (file) readFileLayer(file, env, layers, problems)
  for (const { variable, path, text } of environmentValues(env, keys)) {
    const source = `environment ${variable}`
    if (path) layers.set(path, { value: text, origin: 'environment', source, textual: true })
    else
      problems.push({
        source,
        path: '',
        found: 'a variable that is no key',
        expected: 'expected FLOTTA_ and the path of a key joined by __',
      })
  }
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) continue
    const path = keyPath(name.split('.'), keys)
    const source = `flag ${name}`
    if (path) layers.set(path, { value, origin: 'flag', source, textual: typeof value === 'string' })
    else problems.push({ source, path: '', found: 'no key of this name', expected: 'expected the path of a key, as node.port' })
  }
  return layers
}

function readFileLayer(file: YamlFile, env: Sources['env'], layers: Layers, problems: ConfigProblem[]): void {
  if (file.value === null || file.value === undefined) return
  if (typeof file.value !== 'object' || Array.isArray(file.value)) {
    problems.push({
      source: file.sourceOf([]),
      path: '',
      found: 'something else',
      expected: 'expected keys and values, as `mode: node`',
    })
    return
  }
  walk(file.value, [], (path, value) => {
    const source = file.sourceOf(path)
    if (typeof value !== 'string') {
      layers.set(path, { value, origin: 'file', source, textual: false })
      return
    }
    const { text, replaced, missing } = interpolate(value, env)
    for (const name of missing) {
      problems.push({
        source,
        path: pathText(path),
        found: `\${${name}}`,
        expected: `but the environment variable ${name} is not set; set it, or write \${${name}:-default}`,
      })
    }
    if (missing.length === 0) layers.set(path, { value: text, origin: 'file', source, textual: replaced })
  })
}

/** Visits every scalar, and empty maps and lists. */
function walk(value: unknown, path: Path, visit: (path: Path, value: unknown) => void): void {
  if (value === null || typeof value !== 'object') {
    visit(path, value)
    return
  }
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  for (const [name, inner] of entries) walk(inner, [...path, name], visit)
}
