import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LONGEST_RETRY_DELAY_MS, lookWhenDelaysAreOver, retryDelayMs } from '../../src/node/retry-delay.ts'
import { WakeUps } from '../../src/node/wake-ups.ts'

describe('attempts that were delayed before this process began', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const asked = () => {
    const wakeUps = new WakeUps()
    return { wakeUps, woken: wakeUps.listen('site').wait(2 * LONGEST_RETRY_DELAY_MS) }
  }

  it('are never due later than everybody looks', () => {
    for (let epoch = 1; epoch < 40; epoch++) expect(retryDelayMs(epoch)).toBeLessThanOrEqual(LONGEST_RETRY_DELAY_MS)
  })

  it('are looked for by who has a question held', async () => {
    const { wakeUps, woken } = asked()
    lookWhenDelaysAreOver(wakeUps)
    vi.advanceTimersByTime(LONGEST_RETRY_DELAY_MS)
    expect(await woken).toBe(true)
  })

  it('are not looked for by a process that has stopped', async () => {
    const { wakeUps, woken } = asked()
    lookWhenDelaysAreOver(wakeUps)()
    vi.advanceTimersByTime(2 * LONGEST_RETRY_DELAY_MS)
    expect(await woken).toBe(false)
  })
})
