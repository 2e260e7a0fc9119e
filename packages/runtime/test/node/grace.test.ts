import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Grace } from '../../src/node/grace.ts'

const leaseMs = 30_000

/** The first of the looks, each a second after the one before, at which it is over; by how long after `fromMs`. */
function overAfter(grace: Grace, fromMs: number): number {
  for (let lookMs = fromMs; ; lookMs += 1000) if (grace.isOver(lookMs)) return lookMs - fromMs
}

describe('before leases are taken away', () => {
  it('everybody has one lease from the first look', () => {
    expect(overAfter(new Grace(leaseMs), 5000)).toBe(leaseMs)
  })

  it('everybody has another one after looks that are further apart than half a lease, whatever stood still', () => {
    const grace = new Grace(leaseMs)
    const nowMs = overAfter(grace, 0)
    expect(grace.isOver(nowMs + leaseMs / 2)).toBe(true)
    expect(overAfter(grace, nowMs + leaseMs / 2 + leaseMs / 2 + 1)).toBe(leaseMs)
  })

  it('everybody has another one after a look that failed', () => {
    const grace = new Grace(leaseMs)
    const nowMs = overAfter(grace, 0)
    grace.beginAnew()
    expect(overAfter(grace, nowMs + 1000)).toBe(leaseMs)
  })

  it('everybody has another one after the clock was set back, and not the time that it was set back by', () => {
    const grace = new Grace(leaseMs)
    const nowMs = overAfter(grace, 3_600_000)
    expect(overAfter(grace, nowMs - 3_600_000)).toBe(leaseMs)
  })

  it('nobody is asked to wait again by looks that are as late as a busy node makes them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: leaseMs / 2 }), { minLength: 1 }), (pausesMs) => {
        const grace = new Grace(leaseMs)
        let nowMs = overAfter(grace, 0)
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs
          expect(grace.isOver(nowMs)).toBe(true)
        }
      }),
    )
  })
})
