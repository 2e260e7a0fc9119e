import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { DatasourceFile } from '../ports/task-executor.ts'
import { dataError } from './data-error.ts'

const MAX_HEADER_BYTES = 1024 * 1024

/** The character between the cells of a declared format (C19). */
export function separatorOf({ format }: DatasourceFile): string {
  return format === 'tsv' ? '\t' : ','
}

/**
 * The names of the columns: the first record of a file, by the rules of RFC 4180. They are what plans are written in, so each must
 * be there, once.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export function readHeader(file: DatasourceFile): string[] {
  const names = firstRecord(readStart(file), separatorOf(file)).map((name) => name.trim())
  const refuse = (what: string) => dataError('malformed_datasource', `${file.path}:1: ${what}`)
  if (names.length === 1 && names[0] === '') throw refuse('the file is empty; expected a line with the names of the columns')
  const unnamed = names.indexOf('')
  if (unnamed >= 0) throw refuse(`column ${unnamed + 1} has no name`)
  const twice = names.find((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index)
  if (twice !== undefined) throw refuse(`two columns are named "${twice}"`)
  return names
}

function readStart({ path }: DatasourceFile): string {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a file')
    const descriptor = openSync(path, 'r')
    try {
      const buffer = Buffer.alloc(MAX_HEADER_BYTES)
      return buffer
        .subarray(0, readSync(descriptor, buffer))
        .toString('utf8')
        .replace(/^\uFEFF/, '')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw dataError('datasource_unavailable', `${path} can not be read: ${(error as Error).message}`)
  }
}

function firstRecord(text: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[i++]
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n' || char === '\r') break
    else cell += char
  }
  return [...cells, cell]
}
