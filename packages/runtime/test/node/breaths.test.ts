import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Breaths } from '../../src/node/http/breaths.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('held answers', () => {
  it.each([100, 990, 10_000])('breathe within %i ms each time, and not much more often', (everyMs) => {
    const breaths = new Breaths(everyMs)
    const began = performance.now()
    const times = Array.from({ length: 200 }, () => {
      const at: number[] = []
      breaths.hold(() => at.push(performance.now() - began))
      return at
    })
    vi.advanceTimersByTime(3 * everyMs)
    for (const at of times) {
      const gaps = at.map((ms, i) => ms - (at[i - 1] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(everyMs + 1)
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(everyMs * 0.75 - 1)
    }
    expect(new Set(times.map(([first]) => first)).size).toBeGreaterThan(everyMs > 500 ? 4 : 0)
  })

  it('breathe no more once they are let go, and nothing ticks when nothing is held', () => {
    const breaths = new Breaths(100)
    const breathed: string[] = []
    const [first, second] = ['first', 'second'].map((name) => breaths.hold(() => breathed.push(name)))
    vi.advanceTimersByTime(100)
    first!()
    first!()
    vi.advanceTimersByTime(100)
    expect(breathed.toSorted()).toEqual(['first', 'second', 'second'])
    expect(vi.getTimerCount()).toBe(1)
    second!()
    expect(vi.getTimerCount()).toBe(0)
    breaths.hold(() => breathed.push('third'))
    vi.advanceTimersByTime(100)
    expect(breathed.at(-1)).toBe('third')
  })

  it('breathe in time where the process is so busy that it looks late, and once where it stood still for long', () => {
    const clock = { ms: 0 }
    const breaths = new Breaths(
      100,
      () => 0,
      () => clock.ms,
    )
    let breathed = 0
    breaths.hold(() => breathed++)
    const look = (afterMs: number) => {
      clock.ms += afterMs
      vi.advanceTimersToNextTimer()
      return breathed
    }
    expect([look(60), look(40), look(80), look(20), look(10_000), look(20)]).toEqual([0, 1, 1, 2, 3, 3])
  })

  it('may let themselves go while they breathe', () => {
    const breaths = new Breaths(100)
    let breathed = 0
    const release = breaths.hold(() => {
      breathed++
      release()
    })
    vi.advanceTimersByTime(500)
    expect(breathed).toBe(1)
  })
})
