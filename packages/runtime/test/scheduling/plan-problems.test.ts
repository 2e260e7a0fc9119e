import { FlottaError, type Operation, type Step } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { planOf } from './support/context.ts'
import {
  count,
  finalize,
  initialize,
  iterate,
  merge,
  parallel,
  pass,
  roundRobin,
  secureSum,
  sequential,
} from './support/steps.ts'

function refusal(steps: Step[], workers = 3): FlottaError {
  try {
    planOf(steps, workers)
  } catch (error) {
    if (error instanceof FlottaError) return error
    throw error
  }
  throw new Error('the plan was accepted')
}

const splitter = { kind: 'FederatedSplitter', testSize: 0.2, stratify: true, randomState: 0 } as const

function trainTest(stages: (typeof splitter | { kind: 'Select'; features: string[] })[]): Step {
  const forest = {
    kind: 'FederatedRandomForestClassifier',
    nEstimators: 1,
    criterion: 'gini',
    maxDepth: null,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    maxFeatures: null,
    bootstrap: true,
    maxSamples: null,
    randomState: 0,
  } as const
  return parallel('Collect', { kind: 'TrainTest', label: 'y', model: forest, query: { kind: 'Query', stages } })
}

describe('a plan is refused', () => {
  it.each<[string, Step[], string, RegExp]>([
    [
      'with an operation that is not implemented',
      [parallel('Collect', { ...count, estimator: { kind: 'Guess' } } as never), finalize(merge)],
      'unsupported_operation',
      /steps\[0\]\.operation\.estimator: Guess/,
    ],
    ['that ends with what the sites produced (B7)', [parallel('Collect', count)], 'invalid_artifact', /never released/],
    ['that ends with what one site hands on', [initialize(), sequential()], 'invalid_artifact', /steps\[1\].*never released/],
    ['with a Finalize before anything is there', [finalize(merge)], 'invalid_artifact', /none before it/],
    ['with an aggregation at the sites', [parallel('Collect', merge), finalize(merge)], 'invalid_artifact', /only Finalize/],
    [
      'with an estimate at the node, which holds no data',
      [parallel('Collect', count), finalize(merge), finalize(count)],
      'invalid_artifact',
      /holds no data/,
    ],
    [
      'that would release the product of a site through Pass (B7)',
      [parallel('Collect', count), finalize(pass)],
      'invalid_artifact',
      /steps\[1\]\.operation.*never released/,
    ],
    [
      'that would do so after another step',
      [parallel('Arrange', count), parallel('Collect'), finalize(pass)],
      'invalid_artifact',
      /never released/,
    ],
    [
      'that would show the summary of one site to another (B1)',
      [parallel('RoundRobin', count), parallel('Collect'), finalize(merge)],
      'invalid_artifact',
      /steps\[0\]\.distribution.*to other sites/,
    ],
    [
      'that would do so in a ring of jobs',
      [parallel('Arrange', count), roundRobin('Collect'), finalize(merge)],
      'invalid_artifact',
      /steps\[1\].*to other sites/,
    ],
    [
      'that would do so from the second round on',
      [iterate(3, [parallel('Distribute'), parallel('Arrange', count)], { kind: 'Collect' }), finalize(merge)],
      'invalid_artifact',
      /steps\[0\]\.steps\[0\]\.distribution.*to other sites/,
    ],
    [
      'in which the work of all but the last would be lost',
      [sequential('Collect', count), finalize(merge)],
      'invalid_artifact',
      /all but the last/,
    ],
    [
      'that would release the sum of the sites with what it does not tell',
      [secureSum(), finalize(pass)],
      'invalid_artifact',
      /never released/,
    ],
    [
      'that would show a sum that has been unmasked to the sites',
      [{ ...secureSum(), distribution: { kind: 'Distribute' } }, parallel('Collect'), finalize(merge)],
      'invalid_artifact',
      /to other sites/,
    ],
    [
      'with a secure sum of what is no sum',
      [secureSum({ ...count, estimator: { kind: 'Quantiles', features: ['x'], probabilities: [0.5] } }), finalize(merge)],
      'invalid_artifact',
      /steps\[0\]\.operation\.estimator: Quantiles does not follow from sums/,
    ],
    [
      'with a secure sum by a key whose values nobody has agreed on',
      [secureSum({ ...count, estimator: { kind: 'ValueCounts', feature: 'ward' } }), finalize(merge)],
      'invalid_artifact',
      /steps\[0\]\.levels: which values "ward" may take is agreed before/,
    ],
    [
      'with levels of what is no key, or twice',
      [
        secureSum({ ...count, estimator: { kind: 'ValueCounts', feature: 'ward' } }, [
          { feature: 'ward', values: ['a', 'a'] },
          { feature: 'sex', values: ['f'] },
        ]),
        finalize(merge),
      ],
      'invalid_artifact',
      /levels\[0\]: a value of "ward" is there twice.*levels\[1\]: "sex" is no key/s,
    ],
    [
      'with a secure sum of too many places',
      [
        secureSum(
          { ...count, estimator: { kind: 'GroupBy', keys: ['a', 'b', 'c'].map((feature) => ({ feature })), statistics: [] } },
          ['a', 'b', 'c'].map((feature) => ({ feature, values: Array.from({ length: 200 }, (_, value) => value) })),
        ),
        finalize(merge),
      ],
      'invalid_artifact',
      /steps\[0\]\.levels: the sum has up to 40603005 words/,
    ],
    [
      'in which what sites produced would be lost',
      [parallel('Arrange', count), parallel('Collect', count), finalize(merge)],
      'invalid_artifact',
      /would be lost/,
    ],
    [
      'with an Initialize after others',
      [initialize(), initialize(), finalize()],
      'invalid_artifact',
      /steps\[1\].*begins a plan/,
    ],
    [
      'with an Initialize in rounds, which is after others from the second on',
      [iterate(2, [initialize(), finalize()])],
      'invalid_artifact',
      /begins a plan/,
    ],
    [
      'with an Initialize that has nothing to work on',
      [initialize('Collect', merge), finalize()],
      'invalid_artifact',
      /nothing is there/,
    ],
    [
      'with a distribution that does not lead to the next step',
      [parallel('Arrange'), finalize()],
      'invalid_artifact',
      /steps\[0\]\.distribution: Arrange does not fit before Finalize \(steps\[1\]\): use Collect/,
    ],
    [
      'with products of all workers before a step that takes one',
      [parallel('DirectToNext'), sequential(), finalize()],
      'invalid_artifact',
      /a Finalize between them/,
    ],
    [
      'with rounds that do not fit to themselves',
      [iterate(2, [parallel('Collect')]), finalize()],
      'invalid_artifact',
      /Collect does not fit before Parallel \(steps\[0\]\.steps\[0\]\): use Arrange/,
    ],
    [
      'with rounds that end by a criterion at the sites',
      [iterate(2, [parallel('Arrange')], { kind: 'Collect', tolerance: 0.1 }), finalize()],
      'invalid_artifact',
      /steps\[0\]\.until.*last step is a Finalize/,
    ],
    [
      'that uses itself',
      [{ ...parallel('Collect'), uses: [0] }, finalize()],
      'invalid_artifact',
      /uses\[0\].*does not come before/,
    ],
    [
      'that uses what comes later',
      [parallel('Collect'), { ...finalize(), uses: [2] }, finalize()],
      'invalid_artifact',
      /does not come before/,
    ],
    [
      'that uses what a site produced',
      [sequential(), { ...finalize(), uses: [0] }],
      'invalid_artifact',
      /is Sequential; only what the node made/,
    ],
    ['that uses a thing twice', [initialize(), { ...finalize(), uses: [0, 0] }], 'invalid_artifact', /uses\[1\].*twice/],
    [
      'that uses rounds as a whole',
      [iterate(2, [parallel('Collect'), finalize()]), { ...finalize(), uses: [0] }],
      'invalid_artifact',
      /is Iterate/,
    ],
    ['with a training without a splitter', [trainTest([]), finalize(merge)], 'invalid_artifact', /needs one FederatedSplitter/],
    ['with two splitters', [trainTest([splitter, splitter]), finalize(merge)], 'invalid_artifact', /found 2/],
    [
      'with a splitter that is not last',
      [trainTest([splitter, { kind: 'Select', features: ['a'] }]), finalize(merge)],
      'invalid_artifact',
      /last stage/,
    ],
    [
      'with a splitter in rounds that nothing tests',
      [
        iterate(2, [
          parallel('Collect', { ...count, query: { kind: 'Query', stages: [splitter] } } as Operation),
          finalize(merge),
        ]),
      ],
      'invalid_artifact',
      /steps\[0\]\.steps\[0\]\.operation\.query\.stages\[0\]/,
    ],
  ])('%s', (_, steps, code, message) => {
    const error = refusal(steps)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  it('for a project that no data holder offers data to (E10)', () => {
    expect(refusal([parallel('Collect', count), finalize(merge)], 0).code).toBe('no_workers')
  })

  it('with each problem told once, though it stands there in every round', () => {
    expect(
      refusal([iterate(5, [parallel('Arrange'), parallel('Arrange', merge)], { kind: 'Collect' }), finalize()]).issues,
    ).toHaveLength(1)
  })
})
