import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import { versionOf } from './sources/source-version.ts'

const SUFFIX = '.table'

/**
 * Of the query engine, from the manifest of its package: to load the engine for it would cost every node and client 25 MB, whose main
 * process never queries.
 */
const { version: engineVersion } = createRequire(import.meta.url)('@duckdb/node-bindings/package.json') as { version: string }

/** Of what is written into the file of a table: another file is made where that has changed. */
const LAYOUT = 'with tallies'

/**
 * The file that a source is converted to once, beside those of other sources: `<source>-<version of its content>.table`.
 *
 * It is the query engine's own format: compressed, with a checksum for each block, read by as many processes as want, and never
 * wholly in memory. It is a copy of the data, so it is its owner's alone (0600 in a folder of 0700).
 */
export function storedTablePath(folder: string, source: DatasourceSource): string {
  return join(folder, `${sourceKey(source)}-${digest(versionOf(source), engineVersion, LAYOUT)}${SUFFIX}`)
}

/** Whether the content of a source is known by its version, so a copy of it can outlive this process. */
export function isStorable(source: DatasourceSource): boolean {
  return source.kind === 'file'
}

/**
 * The file of a source while it is made: under another name, so a file that has its name is whole, whoever else makes it at the same
 * time.
 */
export class TableDraft {
  /** Where to write. */
  readonly path: string
  readonly #folder: string
  readonly #source: DatasourceSource
  readonly #target: string

  constructor(folder: string, source: DatasourceSource) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#folder = folder
    this.#source = source
    this.#target = storedTablePath(folder, source)
    this.path = `${this.#target}.${randomBytes(8).toString('hex')}`
  }

  /** Gives a whole file its name; the files of earlier versions of the source go. */
  finish(): string {
    chmodSync(this.path, 0o600)
    renameSync(this.path, this.#target)
    const earlier = (name: string) =>
      name.startsWith(`${sourceKey(this.#source)}-`) && name.endsWith(SUFFIX) && join(this.#folder, name) !== this.#target
    removeWhere(this.#folder, earlier)
    return this.#target
  }

  /** Removes what is left of a file that was not finished. */
  discard(): void {
    for (const rest of ['', '.wal', '.tmp']) rmSync(`${this.path}${rest}`, { force: true, recursive: true })
  }
}

/** Removes the file of a source, so it is made anew; a process that reads it at the moment goes on. */
export function removeStoredTable(folder: string, source: DatasourceSource): void {
  rmSync(storedTablePath(folder, source), { force: true })
}

/** Removes what was stored of sources that are not offered any more, and what a process that died left half made. */
export function pruneStoredTables(folder: string, sources: readonly DatasourceSource[]): void {
  const kept = new Set(sources.filter(isStorable).map((source) => storedTablePath(folder, source)))
  removeWhere(folder, (name) => !kept.has(join(folder, name)))
}

function removeWhere(folder: string, unwanted: (name: string) => boolean): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter(unwanted)) rmSync(join(folder, name), { force: true, recursive: true })
}

/** The same for every version of the content of a source. */
function sourceKey(source: DatasourceSource): string {
  return digest(source.kind === 'postgresql' ? source.host : source.path, source.name)
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
