import { FlottaError } from '@flotta/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../../src/ports/logger.ts'
import { insist } from '../../src/worker/insist.ts'
import { startWorkLoop } from '../../src/worker/work-loop.ts'

const HOUR_MS = 60 * 60 * 1000
/** The longest pause between attempts, with its spread. */
const LONGEST_MS = 36_000
const SHORTEST_AT_LAST_MS = 24_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A node that is away until a time, and when it was asked. */
function awayUntil(backMs: number) {
  const askedMs: number[] = []
  const ask = async () => {
    askedMs.push(Date.now())
    if (Date.now() < backMs) throw new FlottaError('unavailable')
    return 'here'
  }
  return { ask, askedMs, pausesMs: () => askedMs.slice(1).map((atMs, index) => atMs - askedMs[index]!) }
}

describe('a node that is away for hours', () => {
  it('is found within 36 seconds of its return, having been asked at once, then ever less often, and never more than every 24 seconds at last', async () => {
    const backMs = 5 * HOUR_MS
    const node = awayUntil(backMs)
    const found = insist('joining', node.ask, { signal: new AbortController().signal, logger: silentLogger })
    await vi.advanceTimersByTimeAsync(backMs + LONGEST_MS)
    expect(await found).toBe('here')
    expect(node.askedMs.at(-1)! - backMs).toBeLessThanOrEqual(LONGEST_MS)
    const pausesMs = node.pausesMs()
    expect(pausesMs[0]).toBeLessThan(300)
    expect(Math.min(...pausesMs.slice(10))).toBeGreaterThanOrEqual(SHORTEST_AT_LAST_MS - 1)
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(LONGEST_MS)
  })

  it('is not asked by all clients at once: no two pauses in a row are alike', async () => {
    const node = awayUntil(HOUR_MS)
    const found = insist('joining', node.ask, { signal: new AbortController().signal, logger: silentLogger })
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
    await found
    expect(new Set(node.pausesMs()).size).toBeGreaterThan(node.pausesMs().length / 2)
  })

  it('is found as soon by the loop that asks for work', async () => {
    const backMs = 5 * HOUR_MS
    const node = awayUntil(backMs)
    const next = async (_waitS: number, signal: AbortSignal) => {
      await node.ask()
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      return undefined
    }
    const loop = startWorkLoop({ slots: 1, waitS: 25, next, run: async () => undefined, logger: silentLogger })
    await vi.advanceTimersByTimeAsync(backMs + LONGEST_MS)
    expect(node.askedMs.at(-1)! - backMs).toBeGreaterThanOrEqual(0)
    expect(node.askedMs.at(-1)! - backMs).toBeLessThanOrEqual(LONGEST_MS)
    vi.useRealTimers()
    await loop.stop(0)
  })
})
