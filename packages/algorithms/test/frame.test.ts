import { describe, expect, it } from 'vitest'
import {
  assertFrame,
  assertNumeric,
  type Column,
  columnOf,
  countMissing,
  createFrame,
  selectColumns,
  selectNumbers,
  selectRows,
} from '../src/index.ts'

const frame = createFrame(['a', 'b'], [Float64Array.of(1, 2, Number.NaN), Float64Array.of(4, 5, 6)])

describe('a frame', () => {
  it('refuses columns that differ in length, repeat a name or are neither numbers nor texts', () => {
    expect(() => createFrame(['a', 'b'], [Float64Array.of(1), Float64Array.of(1, 2)])).toThrow(RangeError)
    expect(() => createFrame(['a', 'a'], [Float64Array.of(1), Float64Array.of(2)])).toThrow('"a" occurs twice')
    expect(() => createFrame(['a'], [])).toThrow(RangeError)
    const columns = [Int32Array.of(1)] as unknown as Float64Array[]
    expect(() => assertFrame({ rowCount: 1, names: ['a'], columns })).toThrow(TypeError)
  })

  it('gives rows by index, in the order asked for', () => {
    const rows = selectRows(frame, Int32Array.of(2, 0, 0))
    expect(rows).toEqual(createFrame(['a', 'b'], [Float64Array.of(Number.NaN, 1, 1), Float64Array.of(6, 4, 4)]))
    expect(() => selectRows(frame, Int32Array.of(3))).toThrow(RangeError)
    expect(() => selectRows(frame, Int32Array.of(-1))).toThrow(RangeError)
  })

  it('gives rows of many columns as of each one, however many rows there are', () => {
    const rows = Int32Array.from({ length: 20_001 }, (_, i) => (i * 7919) % 1000)
    for (const count of [0, 1, 4, 6]) {
      const columns = Array.from({ length: count }, (_, c) => Float64Array.from({ length: 1000 }, (_, row) => row + c / 8))
      const expected = columns.map((column) => Float64Array.from(rows, (row) => column[row]!))
      expect(selectNumbers(columns, rows)).toEqual(expected)
    }
  })

  it('gives columns by name, and names all that are absent', () => {
    expect(selectColumns(frame, ['b', 'a']).columns[0]).toBe(frame.columns[1])
    expect(() => selectColumns(frame, ['c', 'a', 'd'])).toThrow('no column named "c", "d"')
  })

  it('holds numbers and texts beside each other; a missing one is NaN or null', () => {
    const mixed = createFrame<Column>(['n', 't'], [Float64Array.of(1, Number.NaN, 3), ['x', '', null]])
    expect(mixed.columns.map(countMissing)).toEqual([1, 1])
    const rows = selectRows(mixed, Int32Array.of(2, 1))
    expect(rows.columns).toEqual([Float64Array.of(3, Number.NaN), [null, '']])
    expect(columnOf(rows, 't')).toEqual([null, ''])
    expect(() => columnOf(rows, 'x')).toThrow('no column named "x"')
  })

  it('tells which columns are texts where numbers are needed', () => {
    const mixed = createFrame<Column>(['n', 't', 'u'], [Float64Array.of(1), ['x'], [null]])
    expect(() => assertNumeric(mixed)).toThrow('these columns hold texts: "t", "u"')
    expect(() => assertNumeric(selectColumns(mixed, ['n']))).not.toThrow()
  })
})
