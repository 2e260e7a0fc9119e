const ARMOUR = /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----\s*$/
const MAGIC = Buffer.from('openssh-key-v1\0')

export type OpensshKey =
  | { readonly ok: true; readonly seed: Uint8Array; readonly publicKey: Uint8Array }
  | { readonly ok: false; readonly problem: 'corrupt' | 'unsupported' }

export function isOpensshKey(text: string): boolean {
  return text.startsWith('-----BEGIN OPENSSH PRIVATE KEY-----')
}

/** The 32-byte seed and public key of an unencrypted Ed25519 key in OpenSSH's format (PROTOCOL.key of OpenSSH's sources). */
export function parseOpensshKey(text: string): OpensshKey {
  const body = ARMOUR.exec(text)?.[1]
  if (body === undefined) return { ok: false, problem: 'corrupt' }
  try {
    return readKey(Buffer.from(body, 'base64'))
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, problem: 'corrupt' }
    throw error
  }
}

function readKey(bytes: Buffer): OpensshKey {
  const outer = new Reader(bytes)
  if (!outer.take(MAGIC.length).equals(MAGIC)) return { ok: false, problem: 'corrupt' }
  const cipher = outer.string().toString()
  const derivation = outer.string().toString()
  outer.string()
  if (cipher !== 'none' || derivation !== 'none' || outer.uint32() !== 1) return { ok: false, problem: 'unsupported' }
  const outerKey = outer.string()
  const inner = new Reader(outer.string())
  const check = inner.uint32()
  const checksMatch = inner.uint32() === check
  if (inner.string().toString() !== 'ssh-ed25519') return { ok: false, problem: 'unsupported' }
  const publicKey = inner.string()
  const pair = inner.string()
  const agrees = pair.length === 64 && pair.subarray(32).equals(publicKey) && outerKey.subarray(-32).equals(publicKey)
  return checksMatch && agrees ? { ok: true, seed: pair.subarray(0, 32), publicKey } : { ok: false, problem: 'corrupt' }
}

/** Reads the SSH wire types (RFC 4251, section 5); past the end it throws a RangeError. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('the key ends too early')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  uint32(): number {
    return this.take(4).readUInt32BE()
  }

  string(): Buffer {
    return this.take(this.uint32())
  }
}
