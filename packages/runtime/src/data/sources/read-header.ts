import { constants, gunzipSync } from 'node:zlib'
import type { DelimitedFile } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { isGzip, readStart } from './file-start.ts'
import { requireNames } from './require-names.ts'

const MAX_HEADER_BYTES = 1024 * 1024

/** The character between the cells of a declared format (C19). */
export function separatorOf({ format, separator = ',' }: DelimitedFile): string {
  return format === 'tsv' ? '\t' : separator
}

export interface Header {
  readonly names: readonly string[]
  readonly compressed: boolean
  /** About how many bytes a record takes. */
  readonly recordBytes: number
}

/**
 * The names of the columns: the first record of a file, by the rules of RFC 4180. They are what plans are written in, so each must
 * be there, once.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export function readHeader(file: DelimitedFile): Header {
  const start = readStart(file.path, MAX_HEADER_BYTES)
  const compressed = isGzip(start)
  const text = (compressed ? decompressed(start, file) : start).toString('utf8').replace(/^\uFEFF/, '')
  const names = firstRecord(text, separatorOf(file)).map((name) => name.trim())
  if (names.length === 1 && names[0] === '') {
    throw dataError('malformed_datasource', `${file.path}:1: the file is empty; expected a line with the names of the columns`)
  }
  requireNames(names, `${file.path}:1`)
  return { names, compressed, recordBytes: Math.ceil(text.length / text.split('\n').length) }
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
