import { constants, gunzipSync } from 'node:zlib'
import type { DelimitedFile } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { readStart } from './file-start.ts'
import { requireNames } from './require-names.ts'

const MAX_HEADER_BYTES = 1024 * 1024

/** The character between the cells of a declared format (C19). */
export function separatorOf({ format, separator = ',' }: DelimitedFile): string {
  return format === 'tsv' ? '\t' : separator
}

export interface Header {
  readonly names: readonly string[]
  /** About how many bytes a record takes. */
  readonly recordBytes: number
}

/**
 * The names of the columns: the first record of a file, by the rules of RFC 4180. They are what plans are written in, so each must
 * be there, once.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export function readHeader(file: DelimitedFile, compressed: boolean): Header {
  const start = readStart(file.path, MAX_HEADER_BYTES)
  const text = (compressed ? decompressed(start, file) : start).toString('utf8').replace(/^\uFEFF/, '')
  const names = firstRecord(text, separatorOf(file)).map((name) => name.trim())
  if (names.length === 1 && names[0] === '') {
    throw dataError('malformed_datasource', `${file.path}:1: the file is empty; expected a line with the names of the columns`)
  }
  if (names.some((name) => name.includes('\0')))
    throw dataError('malformed_datasource', `${file.path}: this is no text in UTF-8; write it anew as such`)
  requireSeparator(text, names, file)
  requireNames(names, `${file.path}:1`)
  return { names, recordBytes: Math.ceil(text.length / text.split('\n').length) }
}

/** A table of one column whose name holds what stands between the cells elsewhere is one that was declared wrongly; in quotes such a name is meant. */
function requireSeparator(text: string, [name, ...others]: readonly string[], file: DelimitedFile): void {
  const other = /[,;|\t]/.exec(name!)?.[0]
  if (others.length > 0 || other === undefined || text.trimStart().startsWith('"')) return
  const between = other === '\t' ? 'a tab: is it a tsv file' : `"${other}": is it the separator`
  const detail = `${file.path}:1: there is one column, "${name}", whose name holds ${between}? Else put the name in quotes`
  throw dataError('malformed_datasource', detail)
}

/** What the first bytes of a compressed file hold, as far as they go. */
function decompressed(start: Buffer, { path }: DelimitedFile): Buffer {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * MAX_HEADER_BYTES })
  } catch (error) {
    throw dataError('malformed_datasource', `${path}: not a whole gzip file: ${(error as Error).message}`)
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
