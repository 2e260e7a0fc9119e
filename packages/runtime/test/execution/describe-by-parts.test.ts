import type { Feature } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { describeByParts } from '../../src/execution/describe-by-parts.ts'
import { failed } from '../../src/execution/failed-outcome.ts'
import type { DescribeOutcome } from '../../src/ports/task-executor.ts'

const columns = ['a', 'b', 'c', 'd', 'e']
const featureOf = (name: string): Feature => ({ name, type: 'float', missing: 0, mean: 1, std: 1, categories: null })

function described(names: readonly string[], records = 100): DescribeOutcome {
  return { kind: 'described', metadata: { name: 't', publish: 'full', records, features: names.map(featureOf), problem: null } }
}

/** Asks so many processes that answer in this way, and notes what each is asked for. */
async function ask(count: number, answer: (names: readonly string[]) => DescribeOutcome, large = columns) {
  const asked: (readonly string[] | 'all')[] = []
  const outcome = await describeByParts({
    count,
    unlessLarge: async () => (large.length > 0 ? { kind: 'large', columns: large } : described(columns)),
    describe: async (names) => {
      asked.push(names ?? 'all')
      return answer(names ?? columns)
    },
  })
  return { outcome, asked }
}

describe('a description by parts', () => {
  it('deals the columns of a large table out to all processes, and puts them together in order', async () => {
    const { outcome, asked } = await ask(2, (names) => described(names))
    expect(asked).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ])
    expect(outcome).toEqual(described(columns))
  })

  it('asks no process for nothing, and one process alone for all', async () => {
    expect((await ask(9, (names) => described(names))).asked).toEqual(columns.map((name) => [name]))
    expect((await ask(1, (names) => described(names))).asked).toEqual(['all'])
    expect((await ask(2, (names) => described(names), [])).asked).toEqual([])
  })

  it('fails with the reason of a part that fails', async () => {
    const failure = failed('out_of_memory', 'too much')
    expect((await ask(2, (names) => (names.includes('b') ? failure : described(names)))).outcome).toEqual(failure)
  })

  it.each([
    ['numbers of records', (names: readonly string[]) => described(names, names.length === 2 ? 99 : 100)],
    ['columns', (names: readonly string[]) => described(names.length < 5 ? names.filter((name) => name !== 'd') : names)],
  ])('is done by one process where the parts, of a source that has changed, differ in their %s', async (_, answer) => {
    const { outcome, asked } = await ask(2, answer)
    expect(asked.at(-1)).toBe('all')
    expect(outcome).toEqual(described(columns))
  })
})
