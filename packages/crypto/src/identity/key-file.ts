import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { KeyFileError } from './key-file-error.ts'

/** POSIX modes say nothing on Windows, where the access list of the folder decides. */
const HAS_MODES = process.platform !== 'win32'
const OTHERS = 0o077
const MAX_KEY_FILE_BYTES = 64 * 1024

/**
 * The text of a private file; undefined when there is none.
 *
 * @throws {KeyFileError} when others than the owner may touch it, or it is no regular file
 */
export function readPrivateFile(path: string): string | undefined {
  const file = openIfPresent(path)
  if (file === undefined) return undefined
  try {
    const status = fstatSync(file)
    if (!status.isFile() || status.size > MAX_KEY_FILE_BYTES) {
      throw new KeyFileError('corrupt', path, `${path} is not a key file. Move it away, or restore the key from your backup.`)
    }
    requirePrivate(path, status.mode, '600')
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a private file completely or not at all, unless there is one already: whoever comes first wins.
 * A hard link gives the final name, because a rename would replace what another process has just written.
 */
export function writePrivateFileOnce(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`
  const file = openSync(temporary, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600)
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(temporary)
  }
  syncFolder(dirname(path))
}

/** @throws {KeyFileError} when the mode gives group or others any right */
export function requirePrivate(path: string, mode: number, remedy: '600' | '700'): void {
  if (!HAS_MODES || (mode & OTHERS) === 0) return
  throw new KeyFileError(
    'too_open',
    path,
    `${path} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}: other users of this machine may read or replace the private key ` +
      `of this component and speak in its name. Close it with: chmod ${remedy} '${path}'`,
  )
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (hasCode(error, 'ELOOP'))
      throw new KeyFileError('corrupt', path, `${path} is a symbolic link. Put the key file itself there.`)
    throw error
  }
}

function syncFolder(path: string): void {
  if (!HAS_MODES) return
  const folder = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
