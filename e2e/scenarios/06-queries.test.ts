import {
  Aggregation,
  Collect,
  choose,
  Derive,
  Drop,
  Estimate,
  Filter,
  Finalize,
  type FlottaError,
  feature,
  greatest,
  Mean,
  Parallel,
  Query,
  Rename,
  type Step,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'

interface Visit {
  readonly born: string
  readonly admitted: string
  readonly ward: string
  readonly weight: number | null
  readonly height: number
}

const AS_OF = '2026-01-01'
const north = visits(160, 3)
const south = visits(120, 5)
const pooled = [...north, ...south]
let network: Network

beforeAll(async () => {
  network = await startNetwork({ sites: { north: csv(north), south: csv(south) } })
})
afterAll(() => network?.[Symbol.asyncDispose]())

describe('a query over two sites equals the one of the pooled table', () => {
  it.each([
    ['an age at a day', () => feature('born').ageAt(AS_OF).ge(50), ({ born }: Visit) => ageAt(born) >= 50],
    [
      'dates against each other and against a constant',
      () => feature('admitted').gt('2020-06-01').and(feature('admitted').year().eq(2020).not()),
      ({ admitted }: Visit) => admitted > '2020-06-01' && !admitted.startsWith('2020'),
    ],
    [
      'texts, trimmed and in small letters',
      () => feature('ward').trim().lower().in(["st. mary's", 'icu']),
      ({ ward }: Visit) => ["st. mary's", 'icu'].includes(ward.trim().toLowerCase()),
    ],
    [
      'something computed of two features, missing where one is',
      () => feature('weight').divide(feature('height').power(2)).gt(25),
      ({ weight, height }: Visit) => weight !== null && weight / height ** 2 > 25,
    ],
    [
      'bins and cases',
      () => choose([{ when: feature('weight').isNull(), result: -1 }], feature('weight').bins([50, 70, 90])).eq(2),
      ({ weight }: Visit) => weight !== null && weight >= 70 && weight < 90,
    ],
  ])('counts by %s (C2, C16)', async (_, condition, holds) => {
    const { count } = await (await network.project()).count({ where: condition() })
    expect(count).toBe(pooled.filter(holds).length)
  })

  it('takes the mean of a derived feature under its new name, without one that was dropped (C9)', async () => {
    const project = await network.project()
    const stages = [
      Derive('bmi', feature('weight').divide(feature('height').power(2))),
      Filter(greatest(feature('bmi'), 0).gt(0)),
      Drop(['weight']),
      Rename({ bmi: 'index' }),
    ]
    const { means } = await (await project.submit(meanSteps(['index'], stages))).resultOf('Mean')
    const expected = pooled.flatMap(({ weight, height }) => (weight === null ? [] : [weight / height ** 2]))
    expect(means[0]!.count).toBe(expected.length)
    expect(means[0]!.mean).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / expected.length, 9)
  })
})

describe('the builder that knows the features of a project', () => {
  it.each([
    [
      'a name that is mistyped',
      (of: (name: string) => ReturnType<typeof feature>) => of('wieght').gt(1),
      'unknown_feature',
      /did you mean "weight"\?/,
    ],
    [
      'the year of a number',
      (of: (name: string) => ReturnType<typeof feature>) => of('weight').year(),
      'unsuitable_feature',
      /year takes dates or times/,
    ],
    [
      'a text against a number',
      (of: (name: string) => ReturnType<typeof feature>) => of('ward').eq(3),
      'unsuitable_feature',
      /"ward" is of type string/,
    ],
    [
      'a day that does not exist',
      (of: (name: string) => ReturnType<typeof feature>) => of('born').lt('2021-02-30'),
      'unsuitable_feature',
      /"born" is of type date/,
    ],
  ])('refuses %s where it is written', async (_, build, code, message) => {
    const project = await network.project()
    expect(() => build((name) => project.feature(name))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
    expect(project.runs).toEqual([])
  })
})

describe('a preflight', () => {
  it('of a plan that can work says so, at every site, and runs nothing', async () => {
    const project = await network.project()
    const report = await project.preflight(meanSteps(['weight']))
    expect(report).toMatchObject({ fits: true, problems: [] })
    expect(report.sites.map(({ component, here, problems }) => [component.name, here, problems.length]).sort()).toEqual([
      ['north', true, 0],
      ['south', true, 0],
    ])
    expect(project.runs).toEqual([])
  })
})

describe('a preflight where sites differ', () => {
  let differing: Network
  beforeAll(async () => {
    differing = await startNetwork({
      sites: {
        north: csv(north),
        south: csv(south),
        east: csv(visits(60, 7)).replace('weight', 'mass'),
        west: csv(north)
          .replace('height', 'note')
          .replace(/(\d\.\d+)$/gm, 'tall'),
      },
    })
  })
  afterAll(() => differing?.[Symbol.asyncDispose]())

  it('names the site that does not fit, and why; and so does the submit that is refused', async () => {
    const project = await differing.project()
    const where = feature('height').gt(1.7)
    const report = await project.preflight(meanSteps(['weight'], [Filter(where)]))
    const problems = Object.fromEntries(
      report.sites.map(({ component, problems: own }) => [component.name, own.map(({ message }) => message).join('; ')]),
    )
    expect(report.fits).toBe(false)
    expect(problems).toMatchObject({ north: '', south: '' })
    expect(problems.east).toMatch(/there is no feature "weight"/)
    expect(problems.west).toMatch(/there is no feature "height"/)
    const error = (await project.mean(['weight'], { where }).catch((refusal: unknown) => refusal)) as FlottaError
    expect(error.code).toBe('unknown_feature')
    expect(error.message).toMatch(/there is no feature "weight".*\(at east\/east\)/)
  })

  it('says which client is away', async () => {
    const project = await differing.project()
    const gone = differing.clients.find(({ id }) => id === project.clients.find(({ name }) => name === 'south')!.id)!
    await gone.stop()
    const south = async () =>
      (await project.preflight(meanSteps(['weight']))).sites.find(({ component }) => component.name === 'south')!.here
    await expect.poll(south).toBe(false)
  })
})

function meanSteps(features: readonly string[], stages: Parameters<typeof Query>[0] = []): Step[] {
  return [
    Parallel(Estimate({ estimator: Mean({ features }), query: Query(stages) }), Collect()),
    Finalize(Aggregation({ strategy: 'merge' })),
  ]
}

function visits(count: number, seed: number): Visit[] {
  const wards = [' ICU', "St. Mary's", 'north ', 'icu']
  return Array.from({ length: count }, (_, index) => {
    const at = (index * 37 + seed * 11) % 97
    return {
      born: day(1930 + ((index * 7 + seed) % 80), index),
      admitted: day(2018 + (index % 6), index * 3 + seed),
      ward: wards[(index + seed) % wards.length]!,
      weight: index % 9 === 0 ? null : 45 + at / 2,
      height: Number((1.5 + ((index * 13 + seed) % 45) / 100).toFixed(2)),
    }
  })
}

function day(year: number, index: number): string {
  return new Date(Date.UTC(year, index % 12, 1 + (index % 28))).toISOString().slice(0, 10)
}

function ageAt(born: string): number {
  return Number(AS_OF.slice(0, 4)) - Number(born.slice(0, 4)) - (AS_OF.slice(5) < born.slice(5) ? 1 : 0)
}

function csv(rows: readonly Visit[]): string {
  const lines = rows.map(
    ({ born, admitted, ward, weight, height }) => `${born},${admitted},"${ward}",${weight ?? ''},${height.toFixed(2)}`,
  )
  return `born,admitted,ward,weight,height\n${lines.join('\n')}\n`
}
