import { describe, expect, it } from 'vitest'
import { WakeUps } from '../../src/node/wake-ups.ts'

describe('WakeUps', () => {
  it('a change between looking and waiting is not missed', async () => {
    const wakeUps = new WakeUps()
    const listener = wakeUps.listen('a')
    wakeUps.wake(['a'])
    await listener.wait(60_000)
    listener.close()
  })

  it('wakes only those who listen to the key', async () => {
    const wakeUps = new WakeUps()
    const [a, b] = [wakeUps.listen('a'), wakeUps.listen('b')]
    let woken = 0
    const waitingA = a.wait(60_000).then(() => woken++)
    const waitingB = b.wait(60_000).then(() => woken++)
    wakeUps.wake(['a'])
    await waitingA
    expect(woken).toBe(1)
    wakeUps.wake(['b'])
    await waitingB
    expect(woken).toBe(2)
  })

  it('wakes by any of the keys, and says whether it was woken or the time was over', async () => {
    const wakeUps = new WakeUps()
    const listener = wakeUps.listen('a', 'b')
    for (const key of ['a', 'b']) {
      const waiting = listener.wait(60_000)
      wakeUps.wake([key])
      expect(await waiting).toBe(true)
    }
    expect(await listener.wait(5)).toBe(false)
    wakeUps.wake(['a'])
    expect(await listener.wait(60_000, AbortSignal.abort())).toBe(false)
    listener.close()
    wakeUps.wake(['a', 'b'])
    expect(await listener.wait(5)).toBe(false)
  })

  it('wakes many who wait for the same in slices, between which the process does something else', async () => {
    const wakeUps = new WakeUps()
    let woken = 0
    const listeners = Array.from({ length: 1000 }, () => wakeUps.listen('a'))
    const waiting = listeners.map((listener) => listener.wait(60_000).then(() => woken++))
    wakeUps.wake(['a'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(woken).toBeGreaterThan(0)
    expect(woken).toBeLessThan(1000)
    await Promise.all(waiting)
    expect(woken).toBe(1000)
  })

  it('can be waited for again and again, and ends with the signal', async () => {
    const wakeUps = new WakeUps()
    const listener = wakeUps.listen('a')
    for (let i = 0; i < 3; i++) {
      const waiting = listener.wait(60_000)
      wakeUps.wakeAll()
      await waiting
    }
    await listener.wait(60_000, AbortSignal.abort())
    listener.close()
  })
})
