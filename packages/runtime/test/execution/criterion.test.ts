import { tensorOf } from '@flotta/algorithms'
import type { Json } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { isConverged } from '../../src/execution/criterion.ts'

const numbers = (values: readonly number[]) => ({ description: null, tensors: { a: tensorOf(Float64Array.from(values)) } })
const described = (description: Json) => ({ description, tensors: {} })
const criterion = { kind: 'Converged', tolerance: 0.01 } as const

describe('Converged', () => {
  it.each<[string, Parameters<typeof isConverged>[1], Parameters<typeof isConverged>[2], boolean]>([
    ['the same numbers', numbers([1, 2]), numbers([1, 2]), true],
    ['a change below the tolerance', numbers([100, 200]), numbers([101, 199]), true],
    ['a change beyond the tolerance of the largest', numbers([100, 200]), numbers([100, 203]), false],
    ['a number near zero among large ones', numbers([1e-9, 100]), numbers([0.5, 100]), true],
    ['small numbers: the tolerance is relative', numbers([1e-9]), numbers([1.1e-9]), false],
    ['a zero that stays', numbers([0]), numbers([0]), true],
    ['a zero that moves', numbers([0]), numbers([1e-300]), false],
    ['a number that is still missing', numbers([Number.NaN, 1]), numbers([Number.NaN, 1]), true],
    ['a number that went missing', numbers([1, 1]), numbers([Number.NaN, 1]), false],
    ['infinities that stay', numbers([Infinity, 1]), numbers([Infinity, 1]), true],
    ['infinities that turn', numbers([Infinity]), numbers([-Infinity]), false],
    ['another length', numbers([1]), numbers([1, 1]), false],
    ['nothing and nothing', described({ kind: 'Empty' }), described({ kind: 'Empty' }), true],
    ['another kind', described({ kind: 'Count' }), described({ kind: 'Mean' }), false],
    ['numbers of a description, each by itself', described({ a: [1, 1000] }), described({ a: [1.1, 1000] }), false],
    ['a description within the tolerance', described({ a: [1, { b: 1000 }] }), described({ a: [1.009, { b: 995 }] }), true],
    ['a list that grew', described([1]), described([1, 1]), false],
    ['another key', described({ a: 1 }), described({ b: 1 }), false],
    ['a value for none', described({ a: null }), described({ a: 1 }), false],
    ['a tensor more', described(null), numbers([1]), false],
  ])('%s', (_, before, after, expected) => {
    expect(isConverged(criterion, before, after)).toBe(expected)
  })
})
