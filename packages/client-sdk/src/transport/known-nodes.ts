import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FlottaError, type KeyDocument } from '@flotta/contract'
import { fingerprint, fingerprintMatches } from '@flotta/crypto'

/**
 * Accepts the key of a node, or refuses it.
 *
 * With a fingerprint (read over the telephone) the key must match it. Without one the first key seen at an address is pinned in
 * `file`, and every other key at that address is refused from then on.
 *
 * @throws {FlottaError} `node_mismatch`
 */
export function pinNode(file: string | undefined, url: string, key: KeyDocument, expectedFingerprint?: string): void {
  if (expectedFingerprint !== undefined) {
    if (!fingerprintMatches(key, expectedFingerprint)) throw mismatch(url, expectedFingerprint, key)
    return
  }
  if (file === undefined) return
  const pins = readPins(file)
  const pinned = pins[url]
  if (pinned === undefined) writePins(file, { ...pins, [url]: fingerprint(key) })
  else if (!fingerprintMatches(key, pinned)) throw mismatch(url, pinned, key)
}

function mismatch(url: string, expected: string, key: KeyDocument): FlottaError {
  return new FlottaError(
    'node_mismatch',
    `${url} answered with the fingerprint ${fingerprint(key)}, but ${expected} was expected: somebody may be between you and the node. ` +
      'Compare the fingerprint with the operator of the node by telephone; if the node changed its key on purpose, remove its line from known-nodes.json.',
  )
}

function readPins(file: string): Record<string, string> {
  try {
    const pins: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (pins === null || typeof pins !== 'object' || Array.isArray(pins)) throw new SyntaxError('not an object')
    return pins as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new FlottaError('node_mismatch', `${file} can not be read, so no node can be recognised. Mend it or remove it.`, {
      cause: error,
    })
  }
}

function writePins(file: string, pins: Record<string, string>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(temporary, `${JSON.stringify(pins, null, 2)}\n`, { mode: 0o600, flush: true })
  chmodSync(temporary, 0o600)
  renameSync(temporary, file)
}
