import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codesOf, compareLabels, encodeLabels, type Label, unionOfClasses } from '../src/index.ts'

const label = fc.oneof(fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: 'binary' }))

describe('labels', () => {
  it('are ordered: booleans, numbers ascending, strings by code point', () => {
    const { classes, codes } = encodeLabels(['b', 10, true, '\u{1F600}', 9, '～', false, '10', 9, ''])
    expect(classes).toEqual([false, true, 9, 10, '', '10', 'b', '～', '\u{1F600}'])
    expect([...codes]).toEqual([6, 3, 1, 8, 2, 7, 0, 5, 2, 4])
  })

  it('of different types stay different classes', () => {
    expect(encodeLabels([1, '1', true]).classes).toEqual([true, 1, '1'])
  })

  it('come back from their codes', () => {
    fc.assert(
      fc.property(fc.array(label), (labels) => {
        const { classes, codes } = encodeLabels(labels)
        for (const [row, value] of labels.entries()) expect(compareLabels(classes[codes[row]], value)).toBe(0)
        expect(classes.every((value, i) => i === 0 || compareLabels(classes[i - 1], value) < 0)).toBe(true)
      }),
    )
  })

  it('order strings as their code points do', () => {
    const byCodePoints = (a: string, b: string) => {
      const [x, y] = [a, b].map((text) => Array.from(text, (c) => c.codePointAt(0) as number))
      const differing = x.findIndex((point, i) => point !== y[i])
      return differing === -1 || differing >= y.length ? x.length - y.length : x[differing] - y[differing]
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareLabels(a, b))).toBe(Math.sign(byCodePoints(a, b)))
      }),
    )
    expect(compareLabels('x\u{1F600}', 'x\u{1F601}')).toBeLessThan(0)
  })

  it('that are missing are refused', () => {
    expect(() => encodeLabels([1, Number.NaN])).toThrow('row 1')
    expect(() => encodeLabels([null as unknown as Label])).toThrow(TypeError)
    expect(() => codesOf(['c'], ['a', 'b'])).toThrow(RangeError)
  })

  it('of several lists unite to the same classes in any order', () => {
    expect(unionOfClasses(['b', 1], [true, 'a'])).toEqual([true, 1, 'a', 'b'])
    expect(unionOfClasses([true, 'a'], ['b', 1])).toEqual([true, 1, 'a', 'b'])
  })
})
