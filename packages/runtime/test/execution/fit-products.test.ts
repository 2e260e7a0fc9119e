import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyExpression, decodeTensors, encodeJson, encodeTensors, type Json } from '@flotta/algorithms'
import { type ColumnTransformer, columnTransformerSchema } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeFitStatistics, mergeFitStatistics, readFitted } from '../../src/execution/preparation/fit-products.ts'

const scaler = columnTransformerSchema.parse({ kind: 'FederatedStandardScaler', features: ['x'] })
const moments = { kind: 'moments', count: 10, sum: { high: 30, low: 0 }, squares: { high: 40, low: 0 } } as const
const told = (transformer: ColumnTransformer = scaler, statistics: object = moments) =>
  encodeFitStatistics([{ place: 0, transformer, features: [{ feature: 'x', statistics: statistics as typeof moments }] }])

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotta-fit-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'product')
  await writeFile(path, bytes)
  return path
}

describe('what sites tell of a round of fitting', () => {
  it('is merged to what every site then applies', async () => {
    const merged = mergeFitStatistics([told(), told(scaler, { ...moments, sum: { high: 70, low: 0 } })])
    const fitted = await readFitted([await fileOf(merged)], [scaler])
    const [expression] = fitted.get(0)!
    const frame = { rowCount: 1, names: ['x'], columns: [Float64Array.of(5)] }
    expect(expression).toMatchObject({ op: 'scale', center: 5, scale: Math.sqrt(8) })
    expect(applyExpression(frame, expression!).columns).toEqual([Float64Array.of(0)])
  })

  it('must be of the same transformers, and of the kinds of the closed set', () => {
    const other = columnTransformerSchema.parse({ kind: 'FederatedStandardScaler', features: ['x'], withMean: false })
    expect(() => mergeFitStatistics([told(), told(other)])).toThrow(expect.objectContaining({ code: 'invalid_resource' }))
    const damaged: object[] = [
      { ...moments, count: -1 },
      { ...moments, squares: -1 },
      { ...moments, sum: 'x' },
      { ...moments, more: 1 },
      { kind: 'distribution', values: [2, 1], counts: [10, 10] },
      { kind: 'distribution', values: [1], counts: [10, 10] },
      { kind: 'categories', categories: ['a', 'a'], counts: [10, 10], others: 0, hasOthers: false },
      { kind: '__proto__' },
    ]
    for (const statistics of damaged)
      expect(() => mergeFitStatistics([told(scaler, statistics)]), JSON.stringify(statistics)).toThrow(
        expect.objectContaining({ code: 'invalid_resource' }),
      )
    expect(() => mergeFitStatistics([Uint8Array.of(1, 2, 3)])).toThrow(expect.objectContaining({ code: 'invalid_resource' }))
  })

  it('can not fit what no site has enough values of, and names the feature alone', () => {
    expect(() => mergeFitStatistics([told(scaler, { ...moments, count: 0, sum: { high: 0, low: 0 } })])).toThrow(
      '"x" has not enough values to fit a transformer',
    )
  })

  it('is not applied by a site whose plan has another transformer there, nor when an expression is no expression', async () => {
    const merged = mergeFitStatistics([told()])
    const other = columnTransformerSchema.parse({ kind: 'FederatedStandardScaler', features: ['y'] })
    await expect(readFitted([await fileOf(merged)], [other])).rejects.toMatchObject({ code: 'invalid_resource' })
    await expect(readFitted([await fileOf(merged)], [])).rejects.toMatchObject({ code: 'invalid_resource' })
    await expect(readFitted([await fileOf(told())], [scaler])).rejects.toMatchObject({ code: 'invalid_resource' })
    const { description } = decodeTensors(merged)
    const content = [{ place: 0, transformer: scaler, expressions: [{ op: 'eval', feature: 'x' }] }] as unknown as Json
    const forged = encodeTensors({ description, tensors: { content: encodeJson(content) } })
    await expect(readFitted([await fileOf(forged)], [scaler])).rejects.toMatchObject({ code: 'invalid_resource' })
  })
})
