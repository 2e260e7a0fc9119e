import { expect, it } from 'vitest'
import type { Store } from '../../ports/store.ts'
import { passTime } from '../store-fixtures.ts'

export function storeRules(store: () => Store): void {
  it('answers a ping', async () => {
    await expect(store().ping()).resolves.toBeUndefined()
  })

  it('tells the time in whole milliseconds, and the time goes on', async () => {
    const before = await store().nowMs()
    expect(Number.isInteger(before)).toBe(true)
    await passTime(store(), 3)
    expect(await store().nowMs()).toBeGreaterThan(before)
  })
}
