import { FlottaError } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { Patience, type Terms } from '../../src/worker/patience.ts'

const BREATH_MS = 1000
const LONGEST_S = 600
const brokenOff = () => new FlottaError('unavailable', 'broken off')

/** A way to a node by a clock of its own: each question lasts as it is told to. */
function way() {
  const clock = { ms: 0 }
  const patience = new Patience({ breathMs: () => BREATH_MS, nowMs: () => clock.ms })
  return {
    /** Asks; breaths come at these times after the question, and the answer, or a failure, at the last one. */
    ask: async (breathsMs: readonly number[], endMs: number, failure?: Error) => {
      const askedMs = clock.ms
      const asked: Terms[] = []
      const answer = await patience
        .ask(LONGEST_S, async (terms) => {
          asked.push(terms)
          for (const atMs of breathsMs) {
            clock.ms = askedMs + atMs
            terms.onBreath()
          }
          clock.ms = askedMs + endMs
          if (failure) throw failure
          return 'answered' as const
        })
        .catch((error: unknown) => error)
      return { waitS: asked[0]!.waitS, timeoutMs: asked[0]!.timeoutMs, answer }
    },
    sleep: (ms: number) => {
      clock.ms += ms
    },
  }
}

describe('a question for work', () => {
  it('is short on a way of which nothing is known, and silence may last as long as it', async () => {
    expect(await way().ask([], 2400)).toEqual({ waitS: 2.5, timeoutMs: 17_500, answer: 'answered' })
  })

  it('is held as long as it may once breaths have come one after the other, and silence is then the end of it', async () => {
    const { ask } = way()
    await ask([900, 1800], 2400)
    expect(await ask([900, 1800, 2700], 3000)).toEqual({ waitS: LONGEST_S, timeoutMs: 7500, answer: 'answered' })
    expect(await ask([900], 8500, brokenOff())).toMatchObject({ waitS: LONGEST_S, answer: { code: 'unavailable' } })
    expect(await ask([], 100)).toMatchObject({ waitS: 2.5 })
  })

  it('is held as long as it may where breaths come more often than is known', async () => {
    const { ask } = way()
    await ask([200, 400, 600, 800, 1000], 1200)
    expect(await ask([], 100)).toMatchObject({ waitS: LONGEST_S })
  })

  it('stays short where breaths come with the answer alone, or only the first one comes before', async () => {
    const { ask } = way()
    for (const breathsMs of [[2400, 2400], [900, 2400], [], [900]]) {
      expect(await ask(breathsMs, 2400)).toMatchObject({ waitS: 2.5, answer: 'answered' })
    }
  })

  it('that is cut between two breaths is no failure, and changes nothing', async () => {
    const { ask } = way()
    await ask([900, 1800], 2400)
    for (let i = 0; i < 3; i++)
      expect(await ask([900, 1800, 2700], 3100, brokenOff())).toMatchObject({ waitS: LONGEST_S, answer: undefined })
  })

  it('is without a breath for some minutes where it was broken off before one, however long that took', async () => {
    const { ask, sleep } = way()
    expect(await ask([], 1500, brokenOff())).toMatchObject({ answer: { code: 'unavailable' } })
    expect(await ask([], 700)).toMatchObject({ waitS: 0.75, answer: 'answered' })
    sleep(10 * 60_000)
    expect(await ask([], 2400)).toMatchObject({ waitS: 2.5 })
  })

  it('that fails at once says nothing of the way', async () => {
    const { ask } = way()
    await ask([900, 1800], 2400)
    for (const error of [brokenOff(), new FlottaError('node_mismatch')]) expect((await ask([], 10, error)).answer).toBe(error)
    expect(await ask([], 100)).toMatchObject({ waitS: 2.5 })
  })

  it('is given up when it is held for longer than it was asked to be', async () => {
    const { ask } = way()
    const everyS = Array.from({ length: 30 }, (_, i) => (i + 1) * 1000)
    expect((await ask(everyS, 31_000)).answer).toMatchObject({ code: 'internal_error' })
  })
})
