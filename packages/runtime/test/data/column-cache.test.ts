import { describe, expect, it } from 'vitest'
import { ColumnCache } from '../../src/data/column-cache.ts'

const MEGABYTE = 2 ** 20
const column = (megabytes: number) => new Float64Array((megabytes * MEGABYTE) / 8)

describe('a cache of columns', () => {
  it('never holds more than its limit: the column that was used longest ago goes first', () => {
    const cache = new ColumnCache(3)
    for (const name of ['a', 'b', 'c']) cache.set(1, name, column(1))
    cache.get(1, 'a')
    cache.set(1, 'd', column(1))
    expect(['a', 'b', 'c', 'd'].filter((name) => cache.get(1, name) !== undefined)).toEqual(['a', 'c', 'd'])
    expect([cache.capacity(MEGABYTE / 8), cache.capacity(MEGABYTE / 8 + 1)]).toEqual([3, 2])
  })

  it('counts a column that is set anew once, and gives back the room of a table that is closed', () => {
    const cache = new ColumnCache(2)
    for (let times = 0; times < 5; times++) cache.set(1, 'a', column(1))
    cache.set(11, 'a', column(1))
    expect(cache.get(1, 'a')).toBeDefined()
    cache.drop(1)
    expect(cache.get(1, 'a')).toBeUndefined()
    cache.set(2, 'b', column(1))
    expect(cache.get(11, 'a')).toBeDefined()
  })

  describe('lends memory to a job', () => {
    it('that is nobody else’s until the job has ended, and then the next one’s', () => {
      const cache = new ColumnCache(4)
      const [first, second] = [cache.lend(MEGABYTE), cache.lend(MEGABYTE)]
      expect(second).not.toBe(first)
      cache.takeBack()
      const next = [cache.lend(MEGABYTE), cache.lend(MEGABYTE * 0.75), cache.lend(MEGABYTE)]
      expect(new Set([first, second, ...next]).size).toBe(3)
      expect([next[0] === first, next[1] === second]).toEqual([true, true])
    })

    it('but none that is more than twice as large as what is asked for, or smaller', () => {
      const cache = new ColumnCache(4)
      const memory = cache.lend(MEGABYTE)
      cache.takeBack()
      expect([cache.lend(MEGABYTE / 4), cache.lend(2 * MEGABYTE)].includes(memory)).toBe(false)
    })

    it('and keeps no more of it than fits in beside the columns, whatever a job takes', () => {
      const cache = new ColumnCache(3)
      cache.set(1, 'a', column(1))
      const lent = [0, 1, 2].map(() => cache.lend(MEGABYTE))
      cache.takeBack()
      const again = [0, 1, 2].map(() => cache.lend(MEGABYTE))
      expect(again.map((memory) => lent.includes(memory))).toEqual([true, true, false])
      expect(cache.get(1, 'a')).toBeDefined()
    })

    it('which gives way to columns when it lies idle', () => {
      const cache = new ColumnCache(2)
      const lent = [cache.lend(MEGABYTE), cache.lend(MEGABYTE)]
      cache.takeBack()
      cache.set(1, 'a', column(1))
      expect(cache.get(1, 'a')).toBeDefined()
      expect([cache.lend(MEGABYTE), cache.lend(MEGABYTE)].filter((memory) => lent.includes(memory))).toHaveLength(1)
    })
  })
})
