import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml'
import { ConfigError, type ConfigProblem } from '../config-error.ts'

const MAX_BYTES = 256 * 1024
const MAX_DEPTH = 20

/** A parsed file: its plain value, and the line of every key. */
export interface YamlFile {
  readonly value: unknown
  /** `config.yaml:12` for a path that is there, else for the nearest one above it. */
  sourceOf(path: readonly (string | number)[]): string
}

/** @throws {ConfigError} when the file can't be read, is too large, or is not plain YAML 1.2 */
export function readYamlFile(file: string): YamlFile {
  const name = basename(file)
  const text = readText(file, name)
  const lines = new LineCounter()
  const depth = nestingOf(text)
  if (depth > MAX_DEPTH) throw one(name, `nesting of ${depth} levels`, `expected at most ${MAX_DEPTH}`)
  const document = parseDocument(text, {
    version: '1.2',
    strict: true,
    uniqueKeys: true,
    merge: false,
    lineCounter: lines,
    prettyErrors: false,
  })
  const problems = [...document.errors, ...document.warnings].map((error): ConfigProblem => {
    const { line } = lines.linePos(error.pos[0])
    return { source: `${name}:${line}`, path: '', found: '', expected: `not valid YAML: ${error.message.split('\n')[0]}` }
  })
  problems.push(...aliasProblems(document, lines, name))
  if (problems.length > 0) throw new ConfigError(problems)
  return { value: document.toJS({ maxAliasCount: 0 }), sourceOf: (path) => `${name}:${lineOf(document, path, lines)}` }
}

function readText(file: string, name: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw one(name, 'more than 256 KiB', 'expected a configuration file')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw one(file, '', `can not be read (${(error as NodeJS.ErrnoException).code ?? 'not UTF-8'}); check the path given with -c`)
  }
}

/** Deepest nesting by brackets and indentation, found in one pass before a recursive parser sees the text. */
function nestingOf(text: string): number {
  let brackets = 0
  let deepest = 0
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++brackets)
    else if (char === ']' || char === '}') brackets--
  }
  const dashes = Math.max(0, ...[...text.matchAll(/^[ ]*((?:- )+)/gm)].map((match) => match[1]!.length / 2))
  return Math.max(deepest, dashes)
}

function aliasProblems(document: Document.Parsed, lines: LineCounter, name: string): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const { line } = lines.linePos((node as ParsedNode).range?.[0] ?? 0)
      problems.push({
        source: `${name}:${line}`,
        path: '',
        found: `the alias *${node.source}`,
        expected: 'write the value out: aliases are not read',
      })
    }
  })
  return problems.slice(0, 10)
}

/** The line of the key at a path, or of the deepest part of the path that is there. */
function lineOf(document: Document.Parsed, path: readonly (string | number)[], lines: LineCounter): number {
  let node: Node | null = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const part of path) {
    const next = childOf(node, part)
    if (next === undefined) break
    offset = next.offset
    node = next.node
  }
  return lines.linePos(offset).line
}

function childOf(node: Node | null, part: string | number): { readonly offset: number; readonly node: Node | null } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part))
    if (pair === undefined) return undefined
    return { offset: (pair.key as Node).range?.[0] ?? 0, node: pair.value as Node | null }
  }
  const item = (node as { items?: unknown[] } | null)?.items?.[Number(part)] as Node | undefined
  return item === undefined ? undefined : { offset: item.range?.[0] ?? 0, node: item }
}

function one(source: string, found: string, expected: string): ConfigError {
  return new ConfigError([{ source, path: '', found, expected }])
}
