import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sleep } from '../src/transport/sleep.ts'
import { TimeLimit } from '../src/transport/time-limit.ts'
import { startTimer } from '../src/transport/timer.ts'

const DAY_MS = 24 * 60 * 60 * 1000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a timer', () => {
  it.each([0, 5, 2 ** 31 - 1, 2 ** 31, 30 * DAY_MS, 400 * DAY_MS])('of %i ms ends then, once, and not before', (ms) => {
    const callback = vi.fn()
    startTimer(ms, callback)
    if (ms > 0) {
      vi.advanceTimersByTime(ms - 1)
      expect(callback).not.toHaveBeenCalled()
    }
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(100 * DAY_MS)
    expect(callback).toHaveBeenCalledOnce()
  })

  it('without end never ends', () => {
    const callback = vi.fn()
    startTimer(Number.POSITIVE_INFINITY, callback)
    vi.advanceTimersByTime(1000 * DAY_MS)
    expect(callback).not.toHaveBeenCalled()
  })

  it('that is stopped, be it in its second part, never ends', () => {
    const callback = vi.fn()
    const stop = startTimer(40 * DAY_MS, callback)
    vi.advanceTimersByTime(30 * DAY_MS)
    stop()
    vi.advanceTimersByTime(30 * DAY_MS)
    expect(callback).not.toHaveBeenCalled()
  })

  it.each([-1, Number.NaN])('of %d ms is refused', (ms) => {
    expect(() => startTimer(ms, () => undefined)).toThrow(RangeError)
  })
})

describe('a pause of 30 days', () => {
  it('lasts 30 days', async () => {
    const ended = vi.fn()
    void sleep(30 * DAY_MS).then(ended)
    await vi.advanceTimersByTimeAsync(30 * DAY_MS - 1)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toHaveBeenCalled()
  })
})

describe('a limit of time', () => {
  it('of 30 days is over after them, with the reason of a time limit', () => {
    const { signal } = TimeLimit.of(30 * DAY_MS)
    vi.advanceTimersByTime(30 * DAY_MS - 1)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('is not over before it was started, nor when what it was for has ended', () => {
    const waiting = new TimeLimit(10)
    const ended = TimeLimit.of(10)
    ended[Symbol.dispose]()
    vi.advanceTimersByTime(100)
    expect([waiting.signal.aborted, ended.signal.aborted]).toEqual([false, false])
    waiting.start()
    vi.advanceTimersByTime(10)
    expect(waiting.signal.aborted).toBe(true)
  })
})
