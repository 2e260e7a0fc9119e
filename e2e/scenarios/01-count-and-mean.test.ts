import { and, type FlottaError, feature, not, or } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 200, seed: 1 })
const south = madeUpTable({ rows: 150, seed: 2, shift: 10 })
let network: Network

beforeAll(async () => {
  network = await startNetwork({ sites: { north, south } })
})
afterAll(() => network?.[Symbol.asyncDispose]())

interface Person {
  readonly age: number
  readonly weight: number | null
  readonly group: string
}

const pooled: Person[] = [north, south].flatMap((csv) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([age, weight, group]) => ({ age: Number(age), weight: weight === '' ? null : Number(weight), group: group! })),
)

describe('a count and a mean over two sites', () => {
  it('the project shows records, clients and common features, and no value of anybody', async () => {
    const project = await network.project()
    expect(project.records).toBe(350)
    expect(project.clients.map(({ name }) => name).sort()).toEqual(['north', 'south'])
    expect(project.features.map(({ name, types }) => [name, ...types])).toEqual([
      ['age', 'integer'],
      ['weight', 'float'],
      ['group', 'categorical'],
      ['outcome', 'integer'],
    ])
    expect(JSON.stringify(project.datasources)).not.toMatch(/"(min|max)/)
  })

  it.each([
    ['no filter', undefined, () => true],
    ['a comparison (C1)', feature('age').gt(55), ({ age }: Person) => age > 55],
    ['text', feature('group').eq('a'), ({ group }: Person) => group === 'a'],
    ['missing values', feature('weight').isNull(), ({ weight }: Person) => weight === null],
    ['its negation', not(feature('weight').le(70)), ({ weight }: Person) => weight !== null && !(weight <= 70)],
    [
      'and, or, between, in',
      and(feature('age').between(30, 60), or(feature('group').in(['b']), feature('weight').ge(90))),
      ({ age, group, weight }: Person) => age >= 30 && age <= 60 && (group === 'b' || (weight !== null && weight >= 90)),
    ],
  ])('counts the same records as over the pooled table: %s', async (_, where, keeps) => {
    const project = await network.project()
    const { count, sites } = await project.count(where ? { where } : {})
    expect(count).toBe(pooled.filter(keeps).length)
    expect(sites).toBe(2)
  })

  it('the mean is that of the pooled table, with missing values left out (C5)', async () => {
    const project = await network.project()
    const { means } = await project.mean(['age', 'weight'], { where: feature('group').eq('b') })
    const chosen = pooled.filter(({ group }) => group === 'b')
    const weights = chosen.flatMap(({ weight }) => (weight === null ? [] : [weight]))
    const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(means.map(({ name, count, missing }) => [name, count, missing])).toEqual([
      ['age', chosen.length, 0],
      ['weight', weights.length, chosen.length - weights.length],
    ])
    expect(means[0]?.mean).toBeCloseTo(average(chosen.map(({ age }) => age)), 10)
    expect(means[1]?.mean).toBeCloseTo(average(weights), 10)
  })

  it('a site refuses when too few records are selected, and does not say whether none or some are', async () => {
    const project = await network.project()
    const refusal = async (age: number) => {
      const error = await project.count({ where: feature('age').gt(age) }).catch((reason: FlottaError) => reason)
      if (!(error instanceof Error)) throw new Error('it was counted')
      return { code: error.code, message: error.message.replace(/ at (north|south) /, ' ') }
    }
    const few = await refusal(88)
    expect(few).toMatchObject({ code: 'disclosure_refused', message: expect.stringContaining('Estimate (step 0) failed: ') })
    expect(await refusal(500)).toEqual(few)
  })
})
