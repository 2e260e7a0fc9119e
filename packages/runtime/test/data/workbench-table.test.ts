import { readCsv } from '@flotta/client-sdk'
import { afterAll, describe, expect, it } from 'vitest'
import { SiteRecords } from '../../src/data/site-records.ts'
import { TableCache } from '../../src/data/table-cache.ts'
import { Folder } from './sources/folder.ts'

const folder = new Folder()
afterAll(() => folder[Symbol.dispose]())

const blank = '\u00a0'
const numbers = [
  ...[
    '1',
    '+1',
    '-1',
    '01',
    '-0',
    '1.',
    '.5',
    '+.5',
    '00.5',
    '1.50',
    '-0.0',
    '.',
    '-',
    '+',
    '--1',
    '-+1',
    '+-1',
    '0x10',
    '0b1',
    '1f',
    '１',
  ],
  ...[
    '1e5',
    '1E+5',
    '1e-5',
    '1.e5',
    '.e5',
    '1e',
    '1e5.',
    '1 2',
    '- 1',
    '1e 5',
    'e5',
    '0.1234567890123456789',
    '4.9e-324',
    '1e-400',
  ],
  ...['1_000', '1__0', '1_', '_1', '1_000.5_1', '1._5', '1_.5', '1.5_0', '1e1_0', '1_e5', '1e_5', '._5'],
  ...['inf', '-Infinity', '+inf', 'INFINITY', '-nan', 'nAn', 'infin', 'nan1', '1e300', '-1e300', '1e291', '1e400', `${2 ** 970}`],
  ...[
    '123456789012345678',
    '1234567890123456789',
    '-999999999999999999',
    '99999999999999999999999',
    '1,5',
    '1.234,5',
    '1,2,3',
    ',5',
    '5,',
  ],
]
const others = [
  ...['true', 'TRUE', 'False', 'fAlSe', 't', 'yes', 'truee'],
  ...[
    '2020-01-01',
    '2020-02-29',
    '2019-02-29',
    '1900-02-29',
    '2020-13-01',
    '2020-00-10',
    '2020-1-1',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
  ],
  ...[
    '2020-01-01T00:00:00',
    '2020-01-01 00:00',
    '2020-01-01 10:',
    '2020-01-01T10:2:3',
    '2020-01-01 1:2:3',
    '2020-01-01 10:20:30.',
  ],
  ...['2020-01-01 10:20:30.5', '2020-01-01 10:20:30.100', '2020-01-01 10:20:30.1234567', '2020-01-01 10:20:30.9999999'],
  ...[
    '2020-01-01T10:20:30Z',
    '2020-01-01T10:20:30.5+02:00',
    '2020-01-01T10:20:30-0230',
    '2020-01-01T10:20:30+02',
    '2020-01-01T10:20:30+2',
  ],
  ...[
    '2020-01-01 10:20:30 UTC',
    '2020-01-01 10:20:30 Z',
    '2020-01-01 10:20Z',
    '2020-01-01 10:20:30z',
    '2020-01-01 10:20:30 +02:00',
  ],
  ...[
    '2020-01-01 10:20:30+25:99',
    '2020-01-01 10:20:30+00:00:30',
    '2020-01-01 23:59:60',
    '2020-01-01 10:60',
    '2020-01-01 25:00:00',
  ],
  ...[
    '2020-02-28 24:00:00',
    '2020-12-31 24:00',
    '2020-01-01 24:00:00.5',
    '2020-02-30 10:00',
    '2020-01-01  10:20',
    '0000-01-01 10:00',
  ],
  ...[
    '2020-01-01 10:20:30,5',
    '2020-01-01 10:20:30 Europe/Zurich',
    '2020-01-01t10:20:30',
    '0000-12-31 24:00:00',
    '0000-01-01 00:00:00',
  ],
]
const words = ['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'na', 'None', 'missing', 'a', 'ä', 'a b', 'constructor', '__proto__']
const around = ['1', '1.5', 'true', '2020-01-01', '2020-01-01 10:00:00', 'NA', 'a'].flatMap((cell) => [
  ` ${cell} `,
  `${blank}${cell}${blank}`,
  `\t${cell}`,
  `${cell}\n`,
  `\ufeff${cell}`,
])
const together = [
  ['1', '1.5'],
  ['1', 'true'],
  ['0', 'false'],
  ['true', 'TRUE'],
  ['1', 'a'],
  ['1', 'inf'],
  ['2020-01-01', '2020-01-01 10:00:00'],
  ['2020-01-01 00:00:00', '2020-01-01T10:00:00'],
  ['01', '02'],
  ['1', ' '],
  ['a', ' '],
  ['-0', '-0.0'],
  ['1', '-99'],
]
const single = (cells: readonly string[]) => cells.map((cell) => [cell, ''])
/** Two records of columns with these cells, each of which a site reads by itself. */
function tableOf(columns: readonly (readonly string[])[]): string {
  const records = [0, 1].map((row) => columns.map((cells) => `"${cells[row]!.replaceAll('"', '""')}"`))
  return [columns.map((_, index) => `c${index}`), ...records].map((cells) => cells.join('|')).join('\n')
}

describe("the workbench's table", () => {
  it.each([
    ['numbers', {}, [...single(numbers), ...together]],
    ['times and words', {}, [...single([...others, ...words]), ...together]],
    ['blanks around them', {}, [...single(around), ...together]],
    ['a decimal comma', { decimal: ',' }, [...single(numbers), ...together]],
    ['missing words of its owner', { missing: ['-99', 'None', ' ', 'a'] }, [...single(words), ...together]],
  ] as const)(
    'has the types, numbers, texts and labels that a site has of the same cells: %s',
    async (_, conventions, columns) => {
      const path = folder.write('table.csv', tableOf(columns))
      const here = readCsv(path, { delimiter: '|', ...conventions })
      const source = { kind: 'file', format: 'csv', name: 't', path, separator: '|', ...conventions } as const
      const site = await SiteRecords.select([source], { kind: 'Query', stages: [] }, new TableCache())
      const names = site.columns.map(({ name }) => name)
      const byCells = <T>(of: (name: string, index: number) => T) =>
        names.map((name, index) => [JSON.stringify(columns[index]), of(name, index)])

      const types = new Map(site.columns.map(({ name, type }) => [name, type]))
      expect(byCells((name) => here.type(name))).toEqual(byCells((name) => types.get(name)))

      const frame = await site.mixedFrame(names)
      const inputs = names.map((name, index) => {
        const type: 'numbers' | 'texts' = frame.columns[index] instanceof Float64Array ? 'numbers' : 'texts'
        return { name, type }
      })
      const own = here.columns(inputs)
      expect(byCells((_, index) => [...own.columns[index]!])).toEqual(byCells((_, index) => [...frame.columns[index]!]))

      for (const name of names.slice(-together.length)) {
        const labels = await site.labels(name)
        expect([name, ...here.withValues(name).labels(name)]).toEqual([name, ...labels.filter((label) => label !== null)])
      }
    },
  )
})
