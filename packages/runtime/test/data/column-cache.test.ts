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
    expect([cache.fits((3 * MEGABYTE) / 8), cache.fits((3 * MEGABYTE) / 8 + 1)]).toEqual([true, false])
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
})
