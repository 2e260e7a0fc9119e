import { createRandom, decodeTensors } from '@flotta/algorithms'
import { type Estimator, estimatorSchema, keysByValue, type Levels } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProduct } from '../../src/execution/held-product.ts'
import type { DatasourceSource } from '../../src/ports/datasource-source.ts'
import type { HeldProduct } from '../../src/ports/task-executor.ts'
import { partsOf, query, released, Sites } from './support/sites.ts'

const agreed: Record<string, (string | boolean)[]> = { ward: ['a', 'b', 'c', 'd'], sex: ['f', 'm'], smokes: [false, true] }
const at = new Sites({ minimumRecords: 10, minimumCell: 10 })
let sites: DatasourceSource[]

/** Wards that not every site has, one that few records have at one site, values that are missing, and doses far from each other. */
function site(name: string, wards: readonly string[], records: number, dose: number): Promise<DatasourceSource> {
  const random = createRandom(dose)
  const rows = Array.from({ length: records }, (_, row) => {
    const ward = row < 4 ? 'd' : wards[row % wards.length]
    const cells = [ward, row % 3 ? 'f' : 'm', row % 5 === 0, row % 7 ? dose + random.float64() : '', 1e9 + random.float64()]
    return cells.join(',')
  })
  return at.table(name, `ward,sex,smokes,dose,mass\n${rows.join('\n')}\n`)
}

beforeAll(async () => {
  sites = [
    await site('north', ['a', 'b'], 300, 1),
    await site('south', ['a', 'c'], 200, 1000),
    await site('east', ['a', 'b', 'c'], 250, 1e6),
    await site('few', ['a'], 6, 5),
  ]
})
afterAll(() => at[Symbol.dispose]())

const levelsOf = (estimator: Estimator): Levels =>
  keysByValue(estimator).map((feature) => ({ feature, values: agreed[feature]! }))
const goRound = (estimator: Estimator, round: readonly DatasourceSource[], levels = levelsOf(estimator)) =>
  at.summed(estimator, round, levels)

/** The same but for the rounding of sums. */
function expectSame(actual: unknown, expected: unknown, path = ''): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    expect(Math.abs(actual - expected), path).toBeLessThanOrEqual(1e-9 * Math.abs(expected))
  } else if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual), path).toEqual(Object.keys(expected))
    for (const [key, value] of Object.entries(actual))
      expectSame(value, (expected as Record<string, unknown>)[key], `${path}.${key}`)
  } else {
    expect(actual, path).toBe(expected)
  }
}

const estimators = [
  { kind: 'Count' },
  { kind: 'Sum', features: ['dose', 'mass'] },
  { kind: 'Mean', features: ['dose', 'mass'] },
  { kind: 'Variance', features: ['dose', 'mass'] },
  { kind: 'Missing', features: ['dose', 'ward'] },
  { kind: 'ValueCounts', feature: 'ward' },
  { kind: 'Histogram', feature: 'dose', edges: [0, 2, 2000] },
  {
    kind: 'GroupBy',
    keys: [{ feature: 'ward' }, { feature: 'smokes' }],
    statistics: [
      { kind: 'Mean', features: ['dose'] },
      { kind: 'Variance', features: ['mass'] },
    ],
  },
  { kind: 'Contingency', rows: { feature: 'sex' }, columns: { feature: 'dose', edges: [0, 1.5, 1e7] } },
  { kind: 'TTest', feature: 'mass', group: { feature: 'sex' } },
  { kind: 'Anova', feature: 'mass', group: { feature: 'smokes' } },
  { kind: 'Proportion', feature: 'sex', value: 'f' },
  { kind: 'Covariance', features: ['dose', 'mass'] },
  { kind: 'Correlation', features: ['dose', 'mass'] },
].map((estimator) => estimatorSchema.parse(estimator))

describe('a sum that goes round three sites under a mask', () => {
  it.each(estimators.map((estimator) => [estimator.kind, estimator] as const))(
    'gives the %s that merging their summaries gives, with the same withheld and the same groups that a site lacks',
    async (_, estimator) => {
      const round = sites.slice(0, 3)
      const { summary } = await goRound(estimator, round)
      expectSame(await released([summary]), await at.summarised(estimator, round))
    },
  )

  it('is another one at every run, in every word, though the records are the same', async () => {
    const estimator = estimators[7]!
    const [one, other] = [await goRound(estimator, sites.slice(0, 3)), await goRound(estimator, sites.slice(0, 3))]
    const wordsOf = async (held: HeldProduct) => decodeTensors(await readProduct(held)).tensors.words?.data as BigInt64Array
    for (const [hop, path] of one.travelled.entries()) {
      const words = await wordsOf(path)
      expect(new Set(words).size).toBe(words.length)
      const others = new Set(await wordsOf(other.travelled[hop]!))
      expect([...words].filter((word) => others.has(word))).toEqual([])
    }
  })

  it('counts records of values that were not agreed on as in groups that a site does not name', async () => {
    const levels = [{ feature: 'ward', values: ['a', 'b'] }]
    const { summary } = await goRound(estimatorSchema.parse({ kind: 'ValueCounts', feature: 'ward' }), sites.slice(0, 3), levels)
    expect(await released([summary])).toMatchObject({ unnamedAt: 3, records: 750 })
  })

  it('ends at a site that has too few records for its policy, and tells no more of it than any other refusal', async () => {
    await expect(goRound({ kind: 'Count' }, sites)).rejects.toMatchObject({ code: 'disclosure_refused' })
  })

  it('is not unmasked while it is of fewer than three sites, whatever the node orders', async () => {
    await expect(goRound({ kind: 'Count' }, sites.slice(0, 2))).rejects.toMatchObject({ code: 'disclosure_refused' })
    await expect(goRound({ kind: 'Count' }, sites.slice(0, 1))).rejects.toMatchObject({ code: 'disclosure_refused' })
  })

  it('is not added to what is no sum of the same plan, nor to none or two', async () => {
    const { add } = partsOf({ kind: 'Count' }, [])
    const other = partsOf({ kind: 'Missing', features: ['dose'] }, [])
    const mask = await at.run(other.mask, sites[0]!)
    const summary = await at.run({ kind: 'Estimate', estimator: { kind: 'Count' }, query }, sites[0]!)
    for (const inputs of [[mask], [summary], [], [mask, mask]])
      await expect(at.run(add, sites[0]!, inputs)).rejects.toMatchObject({ code: 'invalid_resource' })
  })

  it('that comes round with another mask is refused as no sum', async () => {
    const { mask, unmask } = partsOf(estimators[2]!, [])
    const { travelled } = await goRound(estimators[2]!, sites.slice(0, 3))
    const another = await at.run(mask, sites[0]!)
    await expect(at.run(unmask, sites[0]!, [travelled.at(-1)!], [another])).rejects.toMatchObject({ code: 'invalid_resource' })
  })
})
