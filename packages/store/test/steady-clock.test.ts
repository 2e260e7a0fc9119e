import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { claim, LEASE_MS, newScene, statusesOf, submit, work } from '../../runtime/src/testing/store-fixtures.ts'
import { openStore } from '../src/index.ts'
import { SteadyClock } from '../src/sqlite/steady-clock.ts'
import { temporaryFolder } from './support/database.ts'

const HOUR_MS = 3_600_000

describe('the clock of a SQLite database', () => {
  it('shows the wall clock as it was at the beginning and what has passed since, however the wall clock is set', () => {
    const machine = { wallMs: 1_000_000, passedMs: 500 }
    const clock = new SteadyClock(
      () => machine.wallMs,
      () => machine.passedMs,
    )
    for (const stepMs of [HOUR_MS, -2 * HOUR_MS]) {
      machine.wallMs += stepMs
      machine.passedMs += 10.4
    }
    expect(clock.nowMs()).toBe(1_000_021)
    clock.continueFrom(1_000_000)
    expect(clock.nowMs()).toBe(1_000_021)
    clock.continueFrom(2_000_000)
    machine.passedMs += 5
    expect(clock.nowMs()).toBe(2_000_005)
  })

  describe('when the clock of the machine is set', () => {
    afterEach(() => {
      vi.useRealTimers()
    })
    const setBy = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })

    it.each([HOUR_MS, -HOUR_MS])('by %i ms while the store is open, leases stay and jobs are handed out', async (ms) => {
      await using store = await openStore({ database: { kind: 'memory' } })
      const scene = await newScene(store, 2)
      const planned = await submit(scene)
      await claim(store, scene.sites[0]!, LEASE_MS)
      const before = await store.nowMs()
      setBy(ms)
      expect(Math.abs((await store.nowMs()) - before)).toBeLessThan(HOUR_MS / 2)
      await store.jobs.expireLeases()
      await work(store, scene.sites[1]!)
      expect(await statusesOf(store, planned)).toEqual(['RUNNING', 'COMPLETED', 'WAITING'])
    })

    it('back while the store is closed, jobs that were ready are handed out', async () => {
      await using folder = await temporaryFolder()
      const database = { kind: 'sqlite', file: join(folder.path, 'node.db') } as const
      const first = await openStore({ database })
      const scene = await newScene(first, 1)
      await submit(scene)
      await first[Symbol.asyncDispose]()
      setBy(-HOUR_MS)
      await using second = await openStore({ database })
      expect(await second.jobs.claim(scene.sites[0]!, LEASE_MS)).toBeDefined()
    })
  })
})
