import type { Expression, FunctionName, Query, Stage, TypedFeature } from '@flotta/contract'
import { LARGEST_NUMBER, querySchema } from '@flotta/contract'
import fc from 'fast-check'
import type { Row } from './interpreter.ts'

export const schema: readonly TypedFeature[] = [
  { name: 'i', type: 'integer' },
  { name: 'f', type: 'float' },
  { name: 'b', type: 'boolean' },
  { name: 's', type: 'string' },
  { name: 'd', type: 'date' },
  { name: 't', type: 'timestamp' },
]

const texts = ['', 'a', 'A', ' b ', 'ab', "o'hara", '50%', 'a_b', '"q"', 'é', '漢字', '👍x', 'select', '\\', '--']
const days = ['1999-12-31', '2000-02-29', '2001-02-28', '2001-03-01', '2010-05-05', '2026-01-01']
const times = ['1999-12-31 23:59:59', '2000-02-29 00:00:00', '2001-02-28 12:30:00', '2010-05-05 06:07:08']
const numbers = [0, 1, -1, 2, 3, 10, 17, 2.5, -0.5, 0.1, 1e-9, 1e9, 1e290, -1e290]

/** A table of awkward values, with missing ones in every column. */
export const rows: readonly Row[] = Array.from({ length: 120 }, (_, index) => {
  const pick = <T>(values: readonly T[], step: number) =>
    index % step === step - 1 ? null : values[(index * 7 + step) % values.length]!
  return {
    i: pick([0, 1, -1, 2, 3, 10, 65, -40, 9007199254740991], 5),
    f: pick(numbers, 6),
    b: pick([true, false], 7),
    s: pick(texts.slice(1), 8),
    d: pick(days, 9),
    t: pick(times, 10),
  }
})

/** The rows as a CSV file. */
export const csv = [
  schema.map(({ name }) => name).join(','),
  ...rows.map((row) =>
    schema.map(({ name }) => (row[name] === null ? '' : `"${String(row[name]).replaceAll('"', '""')}"`)).join(','),
  ),
].join('\n')

type Kind = 'number' | 'text' | 'truth' | 'time'
const featuresOf: Record<Kind, string[]> = { number: ['i', 'f'], text: ['s'], truth: ['b'], time: ['d', 't'] }
const constantsOf: Record<Kind, fc.Arbitrary<number | string | boolean>> = {
  number: fc.oneof(
    fc.constantFrom(...numbers),
    fc.integer({ min: -100, max: 100 }),
    fc.double({ min: -LARGEST_NUMBER, max: LARGEST_NUMBER, noNaN: true }),
  ),
  text: fc.constantFrom(...texts),
  truth: fc.boolean(),
  time: fc.constantFrom(...days, ...times, '2001-02-28T12:30', '2010-05-05T06:07:08'),
}

const call = (name: FunctionName, ...parts: Expression[]): Expression => ({ op: 'call', function: name, arguments: parts })

/** Expressions of one kind that can work, with features of the table below a bounded depth. */
function expressionOf(kind: Kind, depth: number): fc.Arbitrary<Expression> {
  const leaf = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...featuresOf[kind]).map((name): Expression => ({ op: 'feature', name })) },
    { weight: kind === 'time' ? 0 : 1, arbitrary: constantsOf[kind].map((value): Expression => ({ op: 'value', value })) },
  )
  if (depth === 0) return leaf
  const sub = (of: Kind) => expressionOf(of, depth - 1)
  const operand = (of: Kind) =>
    fc.oneof(
      sub(of),
      constantsOf[of].map((value): Expression => ({ op: 'value', value })),
    )
  const chosen = fc
    .tuple(fc.array(fc.tuple(sub('truth'), sub(kind)), { minLength: 1, maxLength: 2 }), fc.option(sub(kind), { nil: undefined }))
    .map(
      ([cases, otherwise]): Expression => ({
        op: 'case',
        cases: cases.map(([when, result]) => ({ when, result })),
        ...(otherwise === undefined ? {} : { otherwise }),
      }),
    )
  const same = fc
    .tuple(fc.constantFrom<FunctionName>('least', 'greatest', 'coalesce'), sub(kind), operand(kind))
    .map(([name, a, b]) => call(name, a, b))
  switch (kind) {
    case 'number':
      return fc.oneof(
        leaf,
        chosen,
        same,
        fc
          .tuple(
            fc.constantFrom<FunctionName>('add', 'subtract', 'multiply', 'divide', 'modulo', 'power'),
            sub('number'),
            sub('number'),
          )
          .map(([name, a, b]) => call(name, a, b)),
        fc
          .tuple(fc.constantFrom<FunctionName>('abs', 'sqrt', 'exp', 'log', 'log10', 'round', 'floor', 'ceil'), sub('number'))
          .map(([name, a]) => call(name, a)),
        fc.tuple(fc.constantFrom<FunctionName>('year', 'month', 'day'), sub('time')).map(([name, a]) => call(name, a)),
        fc.tuple(sub('time'), operand('time')).map(([a, b]) => call('age', a, b)),
        sub('text').map((a) => call('length', a)),
        fc
          .tuple(sub('number'), fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 5 }))
          .map(([value, edges]): Expression => ({ op: 'bins', operand: value, edges: edges.sort((a, b) => a - b) })),
      )
    case 'text':
      return fc.oneof(
        leaf,
        chosen,
        same,
        fc.tuple(fc.constantFrom<FunctionName>('lower', 'upper', 'trim'), sub('text')).map(([name, a]) => call(name, a)),
      )
    case 'time':
      return fc.oneof(leaf, chosen, same)
    case 'truth': {
      const compared = fc.constantFrom<Kind>('number', 'text', 'truth', 'time').chain((of) =>
        fc.oneof(
          fc
            .tuple(fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), sub(of), operand(of))
            .map(([op, left, right]): Expression => ({ op: op as 'eq', left, right })),
          fc
            .tuple(sub(of), operand(of), operand(of))
            .map(([value, lower, upper]): Expression => ({ op: 'between', operand: value, lower, upper })),
          fc
            .tuple(sub(of), fc.array(constantsOf[of], { minLength: 1, maxLength: 4 }))
            .map(([value, values]): Expression => ({ op: 'in', operand: value, values })),
          sub(of).map((value): Expression => ({ op: 'isNull', operand: value })),
        ),
      )
      const like = fc
        .tuple(sub('text'), fc.constantFrom('%', '_', 'a%', '%b%', "%'%", '50\\%', 'a\\_b', '%"%', '', '\\\\', '漢_', '👍_'))
        .map(([value, pattern]): Expression => ({ op: 'like', operand: value, pattern }))
      const joined = fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(sub('truth'), { minLength: 1, maxLength: 3 }))
        .map(([op, conditions]): Expression => ({ op: op as 'and', conditions }))
      return fc.oneof(
        leaf,
        chosen,
        compared,
        like,
        joined,
        sub('truth').map((condition): Expression => ({ op: 'not', condition })),
      )
    }
    default:
      return kind satisfies never
  }
}

/** Queries that can work over the table, of which each offers the derived feature `x`. */
export const workingQueries: fc.Arbitrary<Query> = fc
  .tuple(
    fc.option(expressionOf('truth', 2), { nil: undefined }),
    fc.constantFrom<Kind>('number', 'text', 'truth', 'time').chain((kind) => expressionOf(kind, 3)),
    fc.option(expressionOf('truth', 1), { nil: undefined }),
    fc.boolean(),
  )
  .map(([before, expression, after, renamed]): Query => {
    const stages: Stage[] = [
      ...(before ? [{ kind: 'Filter' as const, condition: before }] : []),
      { kind: 'Derive', feature: renamed ? 'y' : 'x', expression },
      ...(after ? [{ kind: 'Filter' as const, condition: after }] : []),
      ...(renamed
        ? ([
            { kind: 'Drop', features: ['f'] },
            {
              kind: 'Rename',
              names: [
                { from: 'y', to: 'x' },
                { from: 's', to: 'f' },
              ],
            },
            { kind: 'Select', features: ['x', 'i', 'f'] },
          ] as const satisfies readonly Stage[])
        : []),
    ] as Stage[]
    return { kind: 'Query', stages }
  })
  .filter((query) => querySchema.safeParse(query).success)
