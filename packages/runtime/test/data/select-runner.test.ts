import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ColumnCache } from '../../src/data/column-cache.ts'
import { Engine } from '../../src/data/engine.ts'
import { SelectRunner } from '../../src/data/select-runner.ts'
import { TableColumns } from '../../src/data/table-columns.ts'

const ROWS = 10_000
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

describe('results that are open', () => {
  let engine: Engine
  let selects: SelectRunner
  beforeEach(async () => {
    engine = await Engine.open('memory', { memoryMb: 64 })
    const columns = NAMES.map((name, index) => `i + ${index} AS ${name}`)
    await engine.connection.run(`CREATE TABLE data AS SELECT ${columns.join(', ')} FROM range(${ROWS}) AS r(i)`)
    selects = new SelectRunner(engine.connection, undefined)
  })
  afterEach(() => engine[Symbol.dispose]())

  const all = (sql: string, rows = ROWS) => ({ sql, parameters: [], rows })
  const visited = async (sql: string, rows = ROWS) => {
    let count = 0
    await selects.stream(all(sql, rows), (chunk) => {
      count += chunk.rowCount
    })
    return count
  }

  it('wait for their visitor, and the next SELECT for them', async () => {
    const ended: string[] = []
    const opened = await selects.open(all('SELECT a FROM data'))
    const next = visited('SELECT b FROM data').then((rows) => ended.push(`next: ${rows}`))
    let rows = 0
    await opened.visit((chunk) => {
      rows += chunk.rowCount
    })
    ended.push(`first: ${rows}`)
    await next
    expect(ended).toEqual([`first: ${ROWS}`, `next: ${ROWS}`])
  })

  it('can be given up, and the next SELECT is answered', async () => {
    const opened = await selects.open(all('SELECT a FROM data'))
    await opened.giveUp()
    expect(await visited('SELECT b FROM data')).toBe(ROWS)
  })

  it('never end early without a word: what goes wrong in the middle of them is told to whoever visits', async () => {
    // More than is made ahead: the last row is not reached before somebody visits.
    const late = all("SELECT CAST(if(i < 9e6, '1', 'x') AS BIGINT) FROM range(9000001) AS r(i)", 9_000_001)
    await expect(selects.stream(late, () => undefined)).rejects.toThrow(/could not convert/i)
    expect(await visited('SELECT b FROM data')).toBe(ROWS)
  })

  it('tell whoever opens them what goes wrong before the first row', async () => {
    await expect(selects.open(all('SELECT nothing FROM data'))).rejects.toThrow(/nothing/)
    await expect(selects.open(all("SELECT CAST('x' || a AS INTEGER) FROM data"))).rejects.toThrow(/could not convert/i)
    expect(await visited('SELECT b FROM data')).toBe(ROWS)
  })

  it('that bring another number of rows than was said are refused, whatever the reason', async () => {
    await expect(visited('SELECT a FROM data', ROWS + 1)).rejects.toMatchObject({
      code: 'worker_crashed',
      cause: `${ROWS} of ${ROWS + 1} rows came`,
    })
  })

  it('are given up when whoever visits columns stops at one of them', async () => {
    const columns = new TableColumns(selects, new ColumnCache(), ROWS)
    const seen: string[] = []
    const visiting = columns.each(NAMES, (name) => {
      seen.push(name)
      if (name === 'b') throw new RangeError('enough')
    })
    await expect(visiting).rejects.toThrow('enough')
    expect(seen).toEqual(['a', 'b'])
    const ends = new Map<string, number | undefined>()
    await columns.each(NAMES, (name, values) => ends.set(name, values.at(-1)))
    expect([...ends]).toEqual(NAMES.map((name, index) => [name, ROWS - 1 + index]))
  })
})
