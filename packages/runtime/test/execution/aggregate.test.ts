import { createFrame, encodeLabels, encodeModel, fitRandomForestClassifier } from '@flotta/algorithms'
import { describe, expect, it } from 'vitest'
import { aggregate } from '../../src/execution/aggregate.ts'

function modelOf(feature: string): Uint8Array {
  const features = createFrame([feature], [Float64Array.of(0, 1, 2, 3)])
  return encodeModel(fitRandomForestClassifier({ features, labels: encodeLabels([0, 0, 1, 1]), params: { nEstimators: 2 } }))
}

describe('models that can not be united', () => {
  it('are told with the reason, and no name of a column: an encoder may have made it of what a record holds', async () => {
    const inputs = [modelOf('town_Bern'), modelOf('town_Soglio')]
    const united = aggregate({ kind: 'Aggregation', strategy: 'merge' }, { inputs, used: [] })
    await expect(united).rejects.toMatchObject({
      code: 'invalid_resource',
      message: expect.stringContaining('different features'),
    })
    await expect(united).rejects.not.toMatchObject({ message: expect.stringContaining('town') })
  })
})
