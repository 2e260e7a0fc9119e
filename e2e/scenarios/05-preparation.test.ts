import { applyPreparation } from '@flotta/algorithms'
import {
  Aggregation,
  Collect,
  Count,
  decodeModel,
  Estimate,
  encodeModel,
  evaluate,
  FederatedBinarizer,
  FederatedOneHotEncoder,
  FederatedPipeline,
  FederatedRandomForestClassifier,
  FederatedSimpleImputer,
  FederatedSplitter,
  FederatedStandardScaler,
  Finalize,
  Fit,
  fitPreparation,
  hasLocalFits,
  LocalTable,
  Parallel,
  predict,
  Query,
  Select,
  type Step,
  TrainTest,
  trainingSteps,
} from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { patientsTable } from '../support/tables.ts'

let network: Network

const north = patientsTable({ rows: 400, seed: 1, towns: ['Bern', 'Bern', 'Chur', 'Lugano'] })
const south = patientsTable({ rows: 300, seed: 2, shift: 8, towns: ['Lugano', 'Lugano', 'Chur', 'Bern'], rareTown: 'Soglio' })

beforeAll(async () => {
  network = await startNetwork({ sites: { north, south } })
})
afterAll(() => network?.[Symbol.asyncDispose]())

function tableOf(csv: string): LocalTable {
  const [header, ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  return new LocalTable(header!, rows)
}
const validation = tableOf(patientsTable({ rows: 300, seed: 3, shift: 4, towns: ['Bern', 'Chur', 'Lugano'], rareTown: 'Soglio' }))

const model = FederatedRandomForestClassifier({ nEstimators: 20, minSamplesLeaf: 5, randomState: 7 })
const features = ['age', 'pressure', 'town']
const prepare = [
  FederatedSimpleImputer({ features: ['pressure'], addIndicator: true }),
  FederatedOneHotEncoder({ features: ['town'] }),
  FederatedPipeline([FederatedStandardScaler({ features: ['age', 'pressure'] })]),
]
const prepared = ['age', 'pressure', 'town_Bern', 'town_Chur', 'town_Lugano', 'town_infrequent', 'missingindicator_pressure']
const locally = [
  FederatedSimpleImputer({ features: ['pressure'], fit: 'local' }),
  FederatedOneHotEncoder({ features: ['town'] }),
  FederatedStandardScaler({ features: ['age', 'pressure'], fit: 'local' }),
]

/** Mean and standard deviation of the measured values of both sites together. */
function pooled(name: string) {
  const values = [north, south].flatMap((csv) => [...tableOf(csv).numbers(name)]).filter((value) => !Number.isNaN(value))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
}

describe('transformers fitted over two sites', () => {
  it('are there without a model too, of all rounds, and prepare a table of the researcher as every site does its own', async () => {
    const project = await network.project()
    const fitted = await project.fit({ label: 'outcome', features, prepare })
    expect(fitted.fitted.transformers.map(({ place }) => place)).toEqual([0, 1, 2])
    const { names, columns } = fitted.apply(validation)
    expect(names).toEqual(prepared)
    const run = await project.train({ model, label: 'outcome', features, prepare })
    const { model: forest } = await run.resultOf('RandomForestClassifier')
    expect(columns).toEqual(applyPreparation(forest.preparation!, validation.columns(forest.preparation!.inputs)).columns)
    await expect(
      project.fit({ label: 'outcome', features, prepare: [FederatedBinarizer({ features: ['age'] })] }),
    ).rejects.toThrow('None of the transformers is fitted over the federation')
  })

  it('impute, encode and scale alike everywhere; the merged model prepares raw rows by itself (C13, C15)', async () => {
    const project = await network.project()
    const run = await project.train({ model, label: 'outcome', features, prepare })
    const { model: forest } = await run.resultOf('RandomForestClassifier')
    expect(forest.treeWeights).toHaveLength(40)
    // Nine people of Soglio are too few for a column of their own.
    expect(forest.featureNames).toEqual(prepared)
    expect(JSON.stringify(forest.preparation)).not.toContain('Soglio')
    const scales = forest.preparation!.stages.flatMap((stage) => (stage.op === 'scale' ? [stage] : []))
    for (const { feature, center, scale } of scales) {
      const { mean, std } = pooled(feature)
      expect(Math.abs(center - mean)).toBeLessThan(0.15 * std)
      expect(scale / std).toBeGreaterThan(0.85)
      expect(scale / std).toBeLessThan(1.15)
    }
    expect(evaluate(forest, validation, 'outcome').accuracy).toBeGreaterThan(0.8)
  })

  it('come with the model file: what was written and read predicts the same', async () => {
    const project = await network.project()
    const run = await project.train({ model, label: 'outcome', features, prepare })
    const { model: forest } = await run.resultOf('RandomForestClassifier')
    const again = decodeModel(encodeModel(forest))
    expect(again).toEqual(forest)
    expect(predict(again, validation)).toEqual(predict(forest, validation))
  })

  it('are fitted in as few rounds as they depend on each other, each a Parallel and a Finalize', async () => {
    const project = await network.project()
    const run = await project.train({ model, label: 'outcome', features, prepare })
    await run.result()
    const { jobs } = await run.status()
    const operations = jobs.map(({ operation }) => operation)
    expect(operations).toEqual([
      'Fit',
      'Fit',
      'Aggregation',
      'Fit',
      'Fit',
      'Aggregation',
      'TrainTest',
      'TrainTest',
      'Aggregation',
    ])
  })

  it('leave numbers alone that none of them names, and need no round where there is nothing to fit (C12)', async () => {
    const project = await network.project()
    const run = await project.train({
      model,
      label: 'outcome',
      features: ['age', 'pressure'],
      prepare: [FederatedBinarizer({ features: ['pressure'], threshold: 120 })],
    })
    const { model: forest } = await run.resultOf('RandomForestClassifier')
    expect(forest.featureNames).toEqual(['age', 'pressure'])
    expect((await run.status()).jobs).toHaveLength(3)
  })
})

describe('transformers fitted at each site', () => {
  it('leave no parameter with the model: it says what it needs, and predicts once it is fitted on rows of one’s own (B1)', async () => {
    const project = await network.project()
    const run = await project.train({ model, label: 'outcome', features, prepare: locally })
    const { model: forest } = await run.resultOf('RandomForestClassifier')
    expect(hasLocalFits(forest.preparation!)).toBe(true)
    const stages = forest.preparation!.stages.filter(({ op }) => op !== 'indicate')
    expect(stages.map((stage) => Object.keys(stage))).toEqual([
      ['op', 'transformer'],
      ['op', 'transformer'],
    ])
    expect(() => predict(forest, validation)).toThrow('fit the preparation on records of your own')
    const own = fitPreparation(forest, validation)
    expect(hasLocalFits(own.preparation!)).toBe(false)
    expect(evaluate(own, validation, 'outcome').accuracy).toBeGreaterThan(0.8)
  })

  it('are no job of their own: the node gets nothing of them', async () => {
    const project = await network.project()
    const run = await project.train({
      model,
      label: 'outcome',
      features: ['age', 'pressure'],
      prepare: [locally[0]!, locally[2]!],
    })
    await run.result()
    expect((await run.status()).jobs.map(({ operation }) => operation)).toEqual(['TrainTest', 'TrainTest', 'Aggregation'])
  })
})

describe('a plan whose transformers can not work is refused before anything runs', () => {
  const query = Query([Select([...features, 'outcome']), ...prepare, FederatedSplitter()])
  const training = Parallel(TrainTest({ model, label: 'outcome', query }), Collect())
  const merge = Finalize(Aggregation({ strategy: 'merge' }))
  const withStages = (stages: typeof query.stages) => trainingSteps({ model, label: 'outcome', query: Query(stages) })
  const refused: [string, Step[], RegExp][] = [
    ['without the rounds that fit them', [training, merge], /steps\[0\]\.uses.*2 rounds/],
    [
      'with a round fitted for another query',
      trainingSteps({ model, label: 'outcome', query }).map((step, index) =>
        index === 0 ? Parallel(Fit({ label: 'outcome', query: Query([...query.stages].reverse()), round: 1 }), Collect()) : step,
      ),
      /uses|splitter/,
    ],
    [
      'when an encoder is fitted at each site',
      withStages([Select(['town', 'outcome']), FederatedOneHotEncoder({ fit: 'local' }), FederatedSplitter()]),
      /other columns or codes at each/,
    ],
    [
      'when one names the label',
      withStages([Select(['age', 'outcome']), FederatedBinarizer({ features: ['outcome'] }), FederatedSplitter()]),
      /names the label/,
    ],
    [
      'when texts are left',
      withStages([Select(['age', 'town', 'outcome']), FederatedStandardScaler({ features: ['age'] }), FederatedSplitter()]),
      /"town" holds texts/,
    ],
    [
      'when a scaler is to work on texts',
      withStages([Select(['town', 'outcome']), FederatedStandardScaler({ features: ['town'] }), FederatedSplitter()]),
      /"town" holds texts, which FederatedStandardScaler/,
    ],
    [
      'when a relational stage follows one',
      withStages([FederatedStandardScaler({ features: ['age'] }), Select(['age', 'outcome']), FederatedSplitter()]),
      /stands before transformers/,
    ],
    [
      'when an estimator is asked of prepared records',
      [Parallel(Estimate({ estimator: Count(), query: Query([FederatedStandardScaler()]) }), Collect()), merge],
      /sees the records as they are/,
    ],
  ]
  it.each(refused)('%s', async (_, steps, message) => {
    const project = await network.project()
    await expect(project.submit(steps)).rejects.toThrow(message)
  })
})
