import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase64url, toBase64url } from '../bytes/base64.ts'
import { componentIdOf } from './component-id.ts'
import { type Identity, identityOf } from './identity.ts'
import { readPrivateFile, requirePrivate, writePrivateFileOnce } from './key-file.ts'
import { KeyFileError } from './key-file-error.ts'
import { privateKeyFromRaw, RAW_KEY_BYTES, rawPrivateKey, rawPublicKey } from './raw-key.ts'
import { importSigningKey } from './signing-key.ts'

export interface OpenIdentityOptions {
  /** An existing Ed25519 private key (OpenSSH or PKCS#8) to sign with; the key file then holds the sealing key alone. */
  readonly signingKeyFile?: string | undefined
  /** Name of the key file in the folder. @default 'component.key' */
  readonly fileName?: string
}

export const KEY_FILE_NAME = 'component.key'
const FORMAT = 'flotta-component-key-v1'

/** What the key file holds, as JSON; `signingKey` is null where an imported key signs. */
interface KeyFile {
  readonly format: typeof FORMAT
  readonly id: string
  readonly signingKey: string | null
  readonly sealingKey: string
}

/**
 * The identity that lives in `component.key` of a folder; at the first start both are made, with modes 0600 and 0700.
 * Processes that start at the same moment end with the same identity.
 *
 * @throws {KeyFileError} when folder or file is open to other users, the file is damaged, or it belongs to another signing key
 */
export function openIdentity(folder: string, options: OpenIdentityOptions = {}): Identity {
  const imported = options.signingKeyFile === undefined ? undefined : readSigningKey(options.signingKeyFile)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  requirePrivate(folder, statSync(folder).mode, '700')
  const path = join(folder, options.fileName ?? KEY_FILE_NAME)
  const text = readPrivateFile(path) ?? createKeyFile(path, imported)
  return parseKeyFile(path, text, imported)
}

/**
 * The identity of a key file that is there; none is made.
 *
 * @throws {KeyFileError} when there is none, others may touch it, or it is damaged
 */
export function readIdentity(path: string): Identity {
  const text = readPrivateFile(path)
  if (text === undefined)
    throw new KeyFileError('corrupt', path, `${path} does not exist. A key is made at the first start of whom it belongs to.`)
  return parseKeyFile(path, text, undefined)
}

function readSigningKey(path: string): KeyObject {
  const text = readPrivateFile(path)
  if (text === undefined) {
    throw new KeyFileError(
      'corrupt',
      path,
      `${path} does not exist: without it this component has no identity. Correct the path of the key.`,
    )
  }
  return importSigningKey(text, path)
}

function createKeyFile(path: string, imported: KeyObject | undefined): string {
  const signingKey = imported ?? generateKeyPairSync('ed25519').privateKey
  const file: KeyFile = {
    format: FORMAT,
    id: idOf(signingKey),
    signingKey: imported === undefined ? toBase64url(rawPrivateKey(signingKey)) : null,
    sealingKey: toBase64url(rawPrivateKey(generateKeyPairSync('x25519').privateKey)),
  }
  writePrivateFileOnce(path, `${JSON.stringify(file, null, 2)}\n`)
  return readPrivateFile(path)!
}

function parseKeyFile(path: string, text: string, imported: KeyObject | undefined): Identity {
  const file = parseJson(text)
  const sealingKey = fromBase64url(file?.sealingKey, RAW_KEY_BYTES)
  if (file?.format !== FORMAT || sealingKey === undefined) throw corrupt(path)
  const ownKey = fromBase64url(file.signingKey, RAW_KEY_BYTES)
  if (ownKey === undefined && file.signingKey !== null) throw corrupt(path)
  if ((ownKey === undefined) !== (imported !== undefined)) throw conflict(path, imported !== undefined)
  const signingKey = imported ?? privateKeyFromRaw('Ed25519', ownKey!)
  if (file.id !== idOf(signingKey)) throw imported === undefined ? corrupt(path) : conflict(path, true)
  return identityOf(signingKey, privateKeyFromRaw('X25519', sealingKey))
}

function parseJson(text: string): Partial<KeyFile> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function idOf(signingKey: KeyObject): string {
  return componentIdOf(rawPublicKey(createPublicKey(signingKey)))
}

function corrupt(path: string): KeyFileError {
  return new KeyFileError(
    'corrupt',
    path,
    `${path} is damaged: the identity of this component cannot be read from it. Restore it from your backup; ` +
      'if there is none, move it away, and the component joins anew under another id.',
  )
}

function conflict(path: string, imported: boolean): KeyFileError {
  return new KeyFileError(
    'conflict',
    path,
    `${path} belongs to ${imported ? 'another signing key than the configured one' : 'a signing key that is not configured'}: ` +
      'this component would change its id. Configure the signing key it was made with, or move the file away to join anew under another id.',
  )
}
