import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { KeyFileError } from './key-file-error.ts'
import { isOpensshKey, parseOpensshKey } from './openssh-key.ts'
import { privateKeyFromRaw, rawPublicKey } from './raw-key.ts'

/**
 * An existing Ed25519 private key, unencrypted, as OpenSSH's `ssh-keygen -t ed25519` or PKCS#8 (`openssl genpkey`) writes it.
 *
 * @param path only named in errors
 * @throws {KeyFileError} when it is another kind of key, encrypted, or damaged
 */
export function importSigningKey(pem: string | Uint8Array, path = 'the signing key'): KeyObject {
  const text = (typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1')).trim()
  return isOpensshKey(text) ? fromOpenssh(text, path) : fromPkcs8(text, path)
}

function fromOpenssh(text: string, path: string): KeyObject {
  const key = parseOpensshKey(text)
  if (!key.ok) throw key.problem === 'corrupt' ? corrupt(path) : unsupported(path)
  const privateKey = privateKeyFromRaw('Ed25519', key.seed)
  if (!rawPublicKey(createPublicKey(privateKey)).equals(key.publicKey)) throw corrupt(path)
  return privateKey
}

function fromPkcs8(text: string, path: string): KeyObject {
  if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw unsupported(path)
  const key = parsePkcs8(text, path)
  if (key.asymmetricKeyType !== 'ed25519') throw unsupported(path)
  return key
}

function parsePkcs8(text: string, path: string): KeyObject {
  try {
    return createPrivateKey({ key: text, format: 'pem' })
  } catch {
    throw corrupt(path)
  }
}

function corrupt(path: string): KeyFileError {
  return new KeyFileError('corrupt', path, `${path} is damaged: it cannot be read as a private key. Restore it from your backup.`)
}

function unsupported(path: string): KeyFileError {
  return new KeyFileError(
    'unsupported',
    path,
    `${path} is not an unencrypted Ed25519 private key in OpenSSH or PKCS#8 form. ` +
      "Make one with: ssh-keygen -t ed25519 -N '' -f <file>",
  )
}
