import { readFileSync } from 'node:fs'
import { type Estimator, estimatorSchema, type StatisticValueOf } from '@flotta/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { Sites } from '../support/sites.ts'

const { pooled } = JSON.parse(
  readFileSync(new URL('../../../../algorithms/test/fixtures/statistics.json', import.meta.url), 'utf8'),
)
const numeric = ['age', 'weight', 'dose']
const at = new Sites({ minimumRecords: 10, minimumCell: 5 })
afterAll(() => at[Symbol.dispose]())

type Matrix = StatisticValueOf<'Covariance' | 'Correlation'>
let tables = 0

/** What sites tell together, of which each has the records of some rows of the table that pandas has been asked about. */
async function told(estimator: Estimator, sites: readonly ((row: number) => boolean)[]): Promise<Matrix> {
  const rows: number[] = pooled.columns.age.map((_: unknown, row: number) => row)
  const made = sites.map((isOf) => {
    const lines = rows.filter(isOf).map((row) => numeric.map((name) => pooled.columns[name][row] ?? '').join(','))
    return at.table(`pairs-${tables++}`, `${[numeric.join(','), ...lines].join('\n')}\n`)
  })
  return (await at.summarised(estimator, await Promise.all(made))) as Matrix
}

const covariance = estimatorSchema.parse({ kind: 'Covariance', features: numeric })
const correlation = estimatorSchema.parse({ kind: 'Correlation', features: numeric })

function expectNear({ values }: Matrix, expected: readonly (readonly number[])[]): void {
  for (const [place, value] of values.flat().entries()) {
    const figure = expected.flat()[place]!
    expect(Math.abs(value! - figure)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(figure)))
  }
}

describe('covariances and correlations', () => {
  it('are those that pandas gives for the records that have both of two features, where enough lack one at each site', async () => {
    const sites = [(row: number) => row % 2 === 0, (row: number) => row % 2 === 1]
    const matrix = await told(covariance, sites)
    expectNear(matrix, pooled.covariance)
    expect(matrix.counts).toEqual(pairCounts())
    expectNear(await told(correlation, sites), pooled.pearson)
  })

  it('are withheld where the records that lack one of two are few at one site, and are those of pandas for the other pairs', async () => {
    const isFirst = lacking('age').slice(0, 3)
    const matrix = await told(covariance, [
      (row) => isFirst.includes(row) || (row < 200 && !lacking('age').includes(row)),
      (row) => !isFirst.includes(row) && (row >= 200 || lacking('age').includes(row)),
    ])
    const [dose, age, weight] = [2, 0, 1]
    expect(matrix.counts[dose]![dose]).toBeNull()
    expect(matrix.values[dose]![dose]).toBeNull()
    for (const [i, j] of [
      [age, age],
      [age, dose],
      [weight, dose],
      [weight, weight],
    ] as const)
      expect(matrix.values[i]![j]).toBeCloseTo(pooled.covariance[i][j], 7)
  })

  it('have a correlation of one on the diagonal where a feature is told to vary, though its own sums are withheld', async () => {
    const isFirst = lacking('age').slice(0, 3)
    const matrix = await told(correlation, [(row) => isFirst.includes(row) || (row < 200 && !lacking('age').includes(row))])
    expect(matrix.counts[2]![2]).toBeNull()
    expect(matrix.values.map((row, i) => row[i])).toEqual([1, 1, 1])
  })
})

function lacking(name: string): number[] {
  return pooled.columns[name].flatMap((cell: unknown, row: number) => (cell === null ? [row] : []))
}

function pairCounts(): number[][] {
  const has = (name: string, row: number) => pooled.columns[name][row] !== null
  return numeric.map((a) =>
    numeric.map((b) => pooled.columns.age.filter((_: unknown, row: number) => has(a, row) && has(b, row)).length),
  )
}
