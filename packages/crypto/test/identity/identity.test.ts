import { type ChildProcess, fork } from 'node:child_process'
import { generateKeyPairSync, verify } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publicKeyFromRaw, rawPrivateKey } from '../../src/identity/raw-key.ts'
import {
  generateIdentity,
  type Identity,
  importSigningKey,
  KeyFileError,
  openIdentity,
  verifyKeyDocument,
} from '../../src/index.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotta-keys-'))
  folder = join(root, 'keys')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const mode = (path: string) => statSync(path).mode & 0o777
const signs = (identity: Identity) => {
  const key = publicKeyFromRaw('Ed25519', Buffer.from(identity.document.signingKey, 'base64url'))
  return verify(null, Buffer.from('text'), key, identity.sign(Buffer.from('text')))
}

function problemOf(work: () => unknown): KeyFileError {
  try {
    work()
  } catch (error) {
    if (error instanceof KeyFileError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('an identity', () => {
  it('signs as its document says, and the document proves itself', () => {
    const identity = generateIdentity()
    expect(signs(identity)).toBe(true)
    expect(verifyKeyDocument(identity.document)).toBe(true)
    expect(identity.document.id).toBe(identity.id)
  })

  it('shows no private material however it is printed, serialised or cloned (A16)', () => {
    openIdentity(folder)
    const stored = JSON.parse(readFileSync(join(folder, 'component.key'), 'utf8')) as Record<string, string>
    const identity = openIdentity(folder)
    const secrets = [stored.signingKey!, stored.sealingKey!].flatMap((text) => {
      const bytes = Buffer.from(text, 'base64url')
      return [text, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('latin1')]
    })
    const shown = [
      JSON.stringify(identity),
      JSON.stringify({ ...identity }),
      JSON.stringify(structuredClone(identity)),
      String(identity),
      inspect(identity, { depth: null, showHidden: true, getters: true }),
      inspect(Object.getOwnPropertyDescriptors(identity), { depth: null, showHidden: true }),
      inspect(new Error('failed', { cause: identity }), { depth: null }),
      JSON.stringify(identity.sealingKey),
      Object.keys(identity).join(),
    ].join('\n')
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect(shown).toContain(identity.id)
    expect(Object.keys(identity)).toEqual(['id', 'document'])
  })
})

describe('the key file', () => {
  it('is made at the first start with mode 0600 in a folder of 0700, and gives the same identity ever after (A15)', () => {
    const first = openIdentity(folder)
    expect(mode(folder)).toBe(0o700)
    expect(mode(join(folder, 'component.key'))).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['component.key'])
    const second = openIdentity(folder)
    expect(second.document).toEqual(first.document)
    expect(signs(second)).toBe(true)
    expect(rawPrivateKey(second.sealingKey)).toEqual(rawPrivateKey(first.sealingKey))
  })

  it.each([0o604, 0o640, 0o660, 0o606, 0o644])(
    'is refused with mode %o, and the error says state, danger and remedy',
    (loose) => {
      openIdentity(folder)
      const path = join(folder, 'component.key')
      chmodSync(path, loose)
      const error = problemOf(() => openIdentity(folder))
      expect(error).toMatchObject({ problem: 'too_open', path })
      expect(error.message).toContain(`mode 0${loose.toString(8)}`)
      expect(error.message).toContain('private key')
      expect(error.message).toContain(`chmod 600 '${path}'`)
      chmodSync(path, 0o600)
      expect(() => openIdentity(folder)).not.toThrow()
    },
  )

  it('is refused in a folder that others may enter', () => {
    mkdirSync(folder)
    chmodSync(folder, 0o750)
    expect(problemOf(() => openIdentity(folder)).message).toContain(`chmod 700 '${folder}'`)
    expect(existsSync(join(folder, 'component.key'))).toBe(false)
  })

  it('is refused when it is damaged in any place, and is not overwritten', () => {
    openIdentity(folder)
    const path = join(folder, 'component.key')
    const good = readFileSync(path, 'utf8')
    const stored = JSON.parse(good) as Record<string, unknown>
    const other = openIdentity(join(root, 'other'))
    const damaged = [
      '',
      'null',
      '[]',
      good.slice(0, -5),
      JSON.stringify({ ...stored, format: 'flotta-component-key-v2' }),
      JSON.stringify({ ...stored, signingKey: 'AAAA' }),
      JSON.stringify({ ...stored, signingKey: undefined }),
      JSON.stringify({ ...stored, sealingKey: 5 }),
      JSON.stringify({ ...stored, id: other.id }),
    ]
    for (const text of damaged) {
      writeFileSync(path, text)
      const error = problemOf(() => openIdentity(folder))
      expect(error.problem).toBe('corrupt')
      expect(error.message).not.toContain(String(stored.signingKey))
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  it('is no symbolic link', () => {
    openIdentity(join(root, 'other'))
    mkdirSync(folder, { mode: 0o700 })
    symlinkSync(join(root, 'other', 'component.key'), join(folder, 'component.key'))
    expect(problemOf(() => openIdentity(folder)).problem).toBe('corrupt')
  })

  it('gives processes that start at the same moment the same identity', async () => {
    const script = join(root, 'open.mjs')
    const source = new URL('../../src/index.ts', import.meta.url).href
    writeFileSync(
      script,
      `import { openIdentity } from ${JSON.stringify(source)}
       process.send('ready')
       process.once('message', () => process.send(openIdentity(${JSON.stringify(folder)}).id, () => process.disconnect()))`,
    )
    const children = Array.from({ length: 4 }, () => fork(script, { execArgv: ['--import', 'tsx'] }))
    await Promise.all(children.map(nextMessage))
    const ids = Promise.all(children.map(nextMessage))
    for (const child of children) child.send('go')
    expect(new Set(await ids)).toEqual(new Set([openIdentity(folder).id]))
    expect(readdirSync(folder)).toEqual(['component.key'])
  })
})

describe('an existing signing key', () => {
  const publicHalf = fixture('openssh-ed25519.pub').split(' ')[1]!

  it('is taken from a file of ssh-keygen, and is the key that signs', () => {
    const path = join(root, 'id_ed25519')
    writeFileSync(path, fixture('openssh-ed25519.pem'), { mode: 0o600 })
    const identity = openIdentity(folder, { signingKeyFile: path })
    const raw = Buffer.from(publicHalf, 'base64').subarray(-32)
    expect(identity.document.signingKey).toBe(raw.toString('base64url'))
    expect(signs(identity)).toBe(true)
    expect(openIdentity(folder, { signingKeyFile: path }).document).toEqual(identity.document)
    expect(readFileSync(join(folder, 'component.key'), 'utf8')).toContain('"signingKey": null')
  })

  it('is taken from PKCS#8, as text or bytes', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    expect(importSigningKey(pem as string).equals(privateKey)).toBe(true)
    expect(importSigningKey(Buffer.from(pem as string)).equals(privateKey)).toBe(true)
  })

  it('is refused when it is encrypted, of another kind, damaged, absent or open to others', () => {
    const x25519 = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const locked = generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    })
    for (const pem of [
      fixture('openssh-encrypted.pem'),
      fixture('openssh-ecdsa.pem'),
      x25519,
      locked as string,
      '',
      'ssh-ed25519 AAAA',
    ]) {
      expect(problemOf(() => importSigningKey(pem)).problem).toBe('unsupported')
    }
    const good = fixture('openssh-ed25519.pem')
    const lines = good.split('\n')
    for (const pem of [
      lines.slice(0, 3).join('\n'),
      [...lines.slice(0, 2), ...lines.slice(3)].join('\n'),
      good.replace('QyNTUxOQAAACBD7bh6', 'QyNTUxOQAAACBD7bh7'),
    ]) {
      expect(problemOf(() => importSigningKey(pem)).problem).toBe('corrupt')
    }
    expect(problemOf(() => openIdentity(folder, { signingKeyFile: join(root, 'absent') })).message).toContain('does not exist')
    writeFileSync(join(root, 'open'), good, { mode: 0o644 })
    expect(problemOf(() => openIdentity(folder, { signingKeyFile: join(root, 'open') })).problem).toBe('too_open')
  })

  it('does not silently change the id of a component that has one', () => {
    const path = join(root, 'id_ed25519')
    writeFileSync(path, fixture('openssh-ed25519.pem'), { mode: 0o600 })
    openIdentity(folder)
    expect(problemOf(() => openIdentity(folder, { signingKeyFile: path })).problem).toBe('conflict')
    const other = join(root, 'other')
    openIdentity(other, { signingKeyFile: path })
    expect(problemOf(() => openIdentity(other)).problem).toBe('conflict')
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(root, 'second'), pem, { mode: 0o600 })
    expect(problemOf(() => openIdentity(other, { signingKeyFile: join(root, 'second') })).problem).toBe('conflict')
  })
})

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`exit ${code}`)))
  })
}
