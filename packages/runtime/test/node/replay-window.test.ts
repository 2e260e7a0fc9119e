import { describe, expect, it } from 'vitest'
import { ReplayWindow } from '../../src/node/http/replay-window.ts'

const SKEW_MS = 60_000
const started = 1_000_000_000_000
const expiryOf = (signedAtMs: number) => signedAtMs + 60_000 + SKEW_MS

describe('ReplayWindow', () => {
  it('accepts each nonce once as long as its request could be accepted (A10)', () => {
    const window = new ReplayWindow(started, SKEW_MS)
    const expiry = expiryOf(started + 5000)
    expect(window.accept('a', expiry, started + 5000)).toBe(true)
    for (const laterMs of [0, 30_000, 119_000]) expect(window.accept('a', expiry, started + 5000 + laterMs)).toBe(false)
  })

  it('refuses what was signed before the window existed, so a restart forgets nothing', () => {
    expect(new ReplayWindow(started, SKEW_MS).accept('a', expiryOf(started - 2000), started)).toBe(false)
  })

  it('tells nonces of different senders apart', () => {
    const window = new ReplayWindow(started, SKEW_MS)
    expect(window.accept('a n', expiryOf(started), started)).toBe(true)
    expect(window.accept('b n', expiryOf(started), started)).toBe(true)
  })
})
