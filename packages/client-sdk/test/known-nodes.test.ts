import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyDocument } from '@flotta/contract'
import { fingerprint, generateIdentity } from '@flotta/crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pinNode } from '../src/transport/known-nodes.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotta-pins-'))
  file = join(folder, 'new', 'known-nodes.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const key = () => generateIdentity().document as KeyDocument
const url = 'http://node.example:1456'

describe('pinNode', () => {
  it('pins the first key of an address and accepts it again', () => {
    const first = key()
    pinNode(file, url, first)
    pinNode(file, url, first)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [url]: fingerprint(first) })
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('refuses another key at the same address, and says what to do (A14)', () => {
    pinNode(file, url, key())
    expect(() => pinNode(file, url, key())).toThrow(/by telephone/)
  })

  it('tells addresses apart', () => {
    const [first, second] = [key(), key()]
    pinNode(file, url, first)
    pinNode(file, 'http://other.example:1456', second)
    expect(() => pinNode(file, 'http://other.example:1456', first)).toThrow(/somebody may be between/)
  })

  it('a fingerprint that was read over the telephone decides, and nothing is pinned', () => {
    const expected = key()
    pinNode(file, url, expected, fingerprint(expected).toUpperCase())
    expect(() => pinNode(file, url, key(), fingerprint(expected))).toThrow(/was expected/)
    expect(() => readFileSync(file)).toThrow(/ENOENT/)
  })

  it('a damaged file is an error, not a reason to trust anybody', () => {
    const damaged = join(folder, 'damaged.json')
    writeFileSync(damaged, '{"http')
    expect(() => pinNode(damaged, url, key())).toThrow(/can not be read/)
  })
})
