import { describe, expect, it } from 'vitest'
import { artifactSchema, type Step, supported, unsupportedParts } from '../src/index.ts'

const query = { kind: 'Query', stages: [] } as const
const count: Step = {
  kind: 'Parallel',
  operation: { kind: 'Estimate', estimator: { kind: 'Count' }, query: { ...query, stages: [] } },
  distribution: { kind: 'Collect' },
}
const merge: Step = { kind: 'Finalize', operation: { kind: 'Aggregation', strategy: 'merge' } }

describe('the plan language', () => {
  it('parses a plan and fills in defaults', () => {
    const plan = {
      steps: [
        { ...count, operation: { kind: 'TrainTest', label: 'y', model: { kind: 'FederatedRandomForestClassifier' }, query } },
        merge,
      ],
    }
    const parsed = artifactSchema.parse(plan)
    expect(parsed.label).toBe('')
    expect(parsed.steps[0]).toMatchObject({ operation: { model: { nEstimators: 100, maxFeatures: 'sqrt', bootstrap: true } } })
  })

  it.each([
    [{ trainSize: 0.5 }, { testSize: null, trainSize: 0.5 }],
    [{}, { testSize: null }],
    [{ testSize: 0.1 }, { testSize: 0.1 }],
  ])('a splitter of %j tests, by default, what it does not train on, or a quarter', (splitter, expected) => {
    const parsed = artifactSchema.parse({ steps: [{ ...count, operation: trainTest(splitter as never) }] })
    expect(parsed.steps[0]).toMatchObject({ operation: { query: { stages: [expected] } } })
  })

  it.each([
    ['an unknown key', { steps: [{ ...count, extra: 1 }] }],
    ['an unknown step', { steps: [{ kind: 'Exec' }] }],
    ['a class name of JavaScript (A20)', { steps: [{ ...count, operation: { kind: 'constructor' } }] }],
    ['__proto__ as an operator (A20)', { steps: [{ ...count, operation: { kind: '__proto__' } }] }],
    ['no steps', { steps: [] }],
    [
      'a number that is not finite',
      { steps: [{ ...count, operation: { ...trainTest({ testSize: Number.POSITIVE_INFINITY }) } }] },
    ],
    ['an order to shuffle, for records have none', { steps: [{ ...count, operation: trainTest({ shuffle: false } as never) }] }],
    [
      'parts of more than all records',
      { steps: [{ ...count, operation: trainTest({ testSize: 0.6, trainSize: 0.5 } as never) }] },
    ],
    ['a test share of one', { steps: [{ ...count, operation: trainTest({ testSize: 1 }) }] }],
    ['a feature name with a control character', { steps: [{ ...count, operation: { ...trainTest({}), label: 'a\u0000b' } }] }],
  ])('refuses %s', (_, plan) => {
    expect(artifactSchema.safeParse(plan).success).toBe(false)
  })

  it('accepts nested conditions and steps up to the depth of a message', () => {
    const condition = {
      op: 'not',
      condition: {
        op: 'or',
        conditions: [
          { op: 'isNull', operand: { op: 'feature', name: 'a' } },
          { op: 'in', operand: { op: 'feature', name: 'b' }, values: [1, 'x', true] },
        ],
      },
    }
    const filtered = {
      ...count,
      operation: { ...count.operation, query: { kind: 'Query', stages: [{ kind: 'Filter', condition }] } },
    }
    expect(artifactSchema.safeParse({ steps: [{ kind: 'Iterate', rounds: 3, steps: [filtered, merge] }] }).success).toBe(true)
  })

  it('what is described but not implemented is named with its path, at any depth', () => {
    const steps: Step[] = [
      { kind: 'Iterate', rounds: 2, steps: [{ kind: 'Finalize', operation: { kind: 'Aggregation', strategy: 'majority' } }] },
      { kind: 'Finalize', operation: { kind: 'Aggregation', strategy: 'mean' } },
    ]
    expect(unsupportedParts({ label: '', steps }).map(({ path }) => path)).toEqual([
      'steps[0].steps[0].operation.strategy',
      'steps[1].operation.strategy',
    ])
  })

  it('finds nothing to refuse in a plan of supported parts', () => {
    expect(unsupportedParts({ label: '', steps: [count, merge] })).toEqual([])
    expect(supported.steps).toContain('Parallel')
  })
})

function trainTest(splitter: Record<string, unknown>) {
  const stages = [{ kind: 'FederatedSplitter', ...splitter }]
  return { kind: 'TrainTest', label: 'y', model: { kind: 'FederatedRandomForestClassifier' }, query: { kind: 'Query', stages } }
}
