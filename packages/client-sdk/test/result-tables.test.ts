import { inspect } from 'node:util'
import { type StatisticValue, statisticValueSchema } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { presentable } from '../src/results/presentation.ts'

/** What somebody may have written into a table, as a value or as the name of a column. */
const HOSTILE = '<script>alert("x")</script>&\u001b[2J\u202e\n'

const quantiles = [{ probability: 0.5, value: 3, lower: 2, upper: 4 }]
const told = { name: HOSTILE, suppressed: false, withheldAt: 0, count: 90, missing: 10 }
const withheld = { name: 'few', suppressed: true, withheldAt: 1, count: null, missing: null }
const nothing = { sum: null, mean: null, variance: null, std: null, minimum: null, maximum: null }
const basis = { records: 100, sites: 3 }
const columns = [
  { ...told, sum: 1, mean: 2.5, variance: 4, std: 2, minimum: 0, maximum: 9, quantiles },
  { ...withheld, ...nothing, quantiles: [{ probability: 0.5, value: null, lower: null, upper: null }] },
]
const of = (...figures: string[]) =>
  columns.map((column) => Object.fromEntries(Object.entries(column).filter(([name]) => name in told || figures.includes(name))))
const groups = {
  keys: [HOSTILE],
  groups: [
    { key: [HOSTILE], suppressed: false, withheldAt: 0, records: 60, columns: of('mean') },
    { key: ['few'], suppressed: true, withheldAt: 1, records: null, columns: [] },
    { key: [null], suppressed: false, withheldAt: 0, records: 7, columns: [] },
  ],
  unnamedAt: 1,
  ...basis,
}
const test = { statistic: 1.5, pValue: 0.25 }
const matrix = {
  features: [HOSTILE, 'few'],
  values: [
    [4, null],
    [null, null],
  ],
  counts: [
    [90, null],
    [null, 80],
  ],
  ...basis,
}
const point = { time: 5, atRisk: 60, events: 6, censored: 4, survival: 0.9, standardError: 0.1, interval: [0.8, 0.95] }

const values: object[] = [
  { kind: 'Count', count: 100, sites: 3 },
  { kind: 'Sum', columns: of('sum'), ...basis },
  { kind: 'Mean', columns: of('mean'), ...basis },
  { kind: 'Variance', columns: of('variance', 'std'), ...basis },
  { kind: 'Missing', columns: of(), ...basis },
  { kind: 'Extremes', columns: of('minimum', 'maximum'), ...basis },
  { kind: 'Quantiles', columns: of('quantiles'), ...basis },
  { kind: 'Describe', columns: of('mean', 'std', 'minimum', 'maximum', 'quantiles'), ...basis },
  { kind: 'ValueCounts', ...groups },
  { kind: 'Histogram', edges: [0, 1], ...groups },
  { kind: 'GroupBy', ...groups },
  {
    kind: 'TTest',
    feature: HOSTILE,
    test: { ...test, degreesOfFreedom: 3, difference: 1, interval: [0, 2] },
    untested: null,
    ...groups,
  },
  { kind: 'Anova', feature: HOSTILE, test: null, untested: 'withheld', ...groups },
  {
    kind: 'Contingency',
    keys: [HOSTILE, HOSTILE],
    rowKeys: [HOSTILE, null],
    columnKeys: [HOSTILE, true],
    counts: [
      [60, null],
      [null, 20],
    ],
    unnamedAt: 1,
    chiSquare: null,
    fisher: null,
    ...basis,
  },
  {
    kind: 'Proportion',
    feature: HOSTILE,
    suppressed: true,
    successes: null,
    count: null,
    missing: null,
    proportion: null,
    interval: null,
    ...basis,
  },
  { kind: 'Covariance', ...matrix },
  { kind: 'Correlation', method: 'pearson', ...matrix },
  {
    kind: 'KaplanMeier',
    keys: [HOSTILE],
    groups: [
      { key: [HOSTILE], suppressed: false, withheldAt: 0, records: 60, missing: 7, median: null, points: [point] },
      { key: ['few'], suppressed: true, withheldAt: 1, records: null, missing: null, median: null, points: [] },
    ],
    unnamedAt: 1,
    logRank: { ...test, degreesOfFreedom: 1 },
    ...basis,
  },
]
const all = values.map((value) => statisticValueSchema.parse(value)).map((value) => [value.kind, value] as const)

/** Texts between tags. */
const textsIn = (html: string) => html.split(/<[^<>]*>/)

describe('a result', () => {
  it('is tried of every kind that is released', () => {
    const kinds = statisticValueSchema.options.map((option) => option.shape.kind.value)
    expect(all.map(([kind]) => kind).sort()).toEqual([...kinds].sort())
  })

  it.each(all)('%s prints as a table that says of how many records and sites it is', (kind, value) => {
    const printed = inspect(presentable(structuredClone(value) as StatisticValue))
    const [caption, ...lines] = printed.split('\n')
    expect(caption).toMatch(new RegExp(`^${kind} over 100 records at 3 sites`))
    const { rows, columns: names } = presentable(structuredClone(value)).toTable()
    expect(lines).toHaveLength(1 + rows.length)
    for (const row of rows) expect(row).toHaveLength(names.length)
  })

  it.each(all)('%s shows nothing of what stands in a table as markup, nor lets it speak to a terminal', (_, value) => {
    const result = presentable(structuredClone(value))
    const html = result.toHtml()
    const tags = new Set(html.match(/<\/?\w+/g))
    const own = ['table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td'].flatMap((tag) => [`<${tag}`, `</${tag}`])
    expect([...tags].filter((tag) => !own.includes(tag))).toEqual([])
    expect(textsIn(html).join('')).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(html + String(result)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })

  it.each(all.filter(([kind]) => kind !== 'Count'))('%s marks what a site withheld', (_, value) => {
    expect(presentable(structuredClone(value)).toTable().rows.flat()).toContain('withheld')
  })

  it('of quantiles says between which values each certainly lies', () => {
    const [, value] = all.find(([kind]) => kind === 'Quantiles')!
    const { columns: names, rows } = presentable(structuredClone(value)).toTable()
    expect(names).toEqual(['feature', 'count', 'missing', '50 %', '50 % from', '50 % to'])
    expect(rows[0]).toEqual([HOSTILE, 90, 10, 3, 2, 4])
  })

  it('of survival says how many records of each group lack a time or an event', () => {
    const [, value] = all.find(([kind]) => kind === 'KaplanMeier')!
    const { columns: names, rows } = presentable(structuredClone(value)).toTable()
    expect(names.slice(0, 4)).toEqual([HOSTILE, 'missing', 'time', 'at risk'])
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      [HOSTILE, 7, 5, 60],
      ['few', 'withheld', null, 'withheld'],
    ])
  })

  it.each([
    ['withheld', 'a site withheld figures of a group'],
    ['group_count', '2 groups, where two are compared'],
    ['too_few_values', 'too few values'],
    ['no_variance', 'no group varies'],
    ['too_large', 'the values are too large to be squared'],
  ])('of a t-test says why there is none: %s', (untested, words) => {
    const value = statisticValueSchema.parse({ kind: 'TTest', feature: 'x', test: null, untested, ...groups })
    expect(inspect(presentable(value)).split('\n')[0]).toMatch(new RegExp(`; not tested: ${words}$`))
  })
})
