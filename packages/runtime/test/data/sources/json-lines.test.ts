import { describe, expect, it } from 'vitest'
import { contentOf, Folder, refusalOf } from './folder.ts'

/** As many as are certainly not looked at first. */
const MANY = 1500

const fileOf = (folder: Folder, name: string, lines: readonly string[]) =>
  ({ kind: 'file', name: 't', path: folder.write(name, `${lines.join('\n')}\n`), format: 'jsonl' }) as const

describe('a file of JSON lines', () => {
  it.each([
    ['1', ['1.5', '"1"', 'true', 'null', '{"b":"c"}', '[1,"x"]', '12345678901234567890', '1e3', '-0', '1.0']],
    ['1.50', ['"1.5"', 'true', '7', '1e308', '"x"', '[1.5]', '-0.0']],
    ['true', ['"true"', '1', 'false', '{}']],
    ['"a"', ['1', 'true', '{"b":"c"}', '"2020-01-01"', '"\\u00e9\\n\\"quoted\\""', '""', 'null']],
    ['"2020-01-01"', ['"2020-02-30"', '20200101', '"x"', '"2021-01-01"']],
    ['"2020-01-01T10:00:00"', ['"2020-01-01T25:00:00"', '"2020-01-01"', 'null']],
    ['{"b":[1,2]}', ['1', '"x"', '{"b":[1,2],"c":null}']],
  ])(
    'has the same types and values whether all values are like %j or another one comes late, however it is read',
    async (usual, others) => {
      using folder = new Folder()
      for (const other of others) {
        const values = [...Array.from({ length: MANY }, () => usual), other]
        const lines = values.map((value) => `{"a":${value},"b":1}`)
        // A name that none of the first records has takes a closer look at all of them.
        const looked = [...lines.slice(0, -1), `{"a":${other},"b":1,"c":2}`]
        const quick = await contentOf(fileOf(folder, 'quick.jsonl', lines))
        const { types, columns } = await contentOf(fileOf(folder, 'looked.jsonl', looked))
        expect(columns.c!.at(-1)).toBe('2')
        expect(quick, other).toEqual({ types: { a: types.a, b: types.b }, columns: { a: columns.a, b: columns.b } })
      }
    },
  )

  it('has every name that any record has, in the order in which they come, each with the values of its own', async () => {
    using folder = new Folder()
    const lines = ['{"b.c":1,"a \\"quoted\\"":"x"}', '{"d":true,"b.c":2}', '{}', '{"a \\"quoted\\"":"y","é":[]}']
    const { types, columns } = await contentOf(fileOf(folder, 't.jsonl', lines))
    expect(Object.entries(types)).toEqual([
      ['b.c', 'integer'],
      ['a "quoted"', 'string'],
      ['d', 'boolean'],
      ['é', 'string'],
    ])
    expect(Object.values(columns)).toEqual([
      ['1', '2', null, null],
      ['x', null, null, 'y'],
      [null, 'true', null, null],
      [null, null, null, '[]'],
    ])
  })

  it.each([
    ['a list', '[1]'],
    ['no JSON', '{"a":1'],
    ['a number', '5'],
  ])('of which a late line is %s is refused', async (_, line) => {
    using folder = new Folder()
    const lines = [...Array.from({ length: MANY }, () => '{"a":1}'), line, '{"a":2}']
    expect(await refusalOf(fileOf(folder, 't.jsonl', lines))).toMatchObject({ code: 'malformed_datasource' })
  })

  it('of which a record has a name twice is refused with its line, and nothing of what stands there', async () => {
    using folder = new Folder()
    const { code, detail } = await refusalOf(fileOf(folder, 't.jsonl', ['{"a":1}', '{"a":1,"a":"SECRET"}', '{"a":3}']))
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain('t.jsonl:2: an object has a name twice')
    expect(detail).not.toContain('SECRET')
  })
})
