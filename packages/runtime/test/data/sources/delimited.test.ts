import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { contentOf, Folder, refusalOf } from './folder.ts'

function csv(text: string | Uint8Array, options: object = {}) {
  const folder = new Folder()
  const path = folder.write('table.csv', text)
  const source = { kind: 'file', name: 't', path, format: 'csv', ...options } as const
  return { [Symbol.dispose]: () => folder[Symbol.dispose](), source, path }
}

describe('a csv file', () => {
  it('is read by RFC 4180: quotes, doubled quotes, separators and line ends within quotes, CRLF, a byte order mark', async () => {
    using table = csv('\uFEFF"a, b",c\r\n"x ""y"", z\nw",1\r\nplain,2\r\n')
    expect(await contentOf(table.source)).toEqual({
      types: { 'a, b': 'string', c: 'integer' },
      columns: { 'a, b': ['x "y", z\nw', 'plain'], c: ['1', '2'] },
    })
  })

  it('gives each column the type that all its cells have, not those of a sample', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i}.5,true,2020-01-01,2020-01-01T10:00:00,a`)
    using table = csv(['i,f,b,d,t,s', ...rows, 'x,1.5,true,2020-01-01,2020-01-01 10:00:00,b'].join('\n'))
    expect((await contentOf(table.source)).types).toEqual({
      i: 'string',
      f: 'float',
      b: 'boolean',
      d: 'date',
      t: 'timestamp',
      s: 'string',
    })
  })

  it.each([
    ['1.5', ['1e3', ' 7 ', '1_000', '1,5', '-Infinity', ' ', '1e999', 'NA ', 'x']],
    ['12', ['1.0', '1e3', '+7', ' 7 ', '9223372036854775808']],
    ['true', ['TRUE', '1']],
    ['2020-01-01', ['2020-01-01 10:00:00', '2021-02-29']],
    ['2020-01-01T10:00:00', ['2020-01-01', '2020-01-01T25:00:00']],
    ['', ['1', '2020-01-01', 'x']],
  ])('has the same types and values whether %j comes first or one of %j', async (usual, others) => {
    for (const other of others) {
      const rows = Array.from({ length: 2500 }, () => `${usual},`)
      using late = csv(['a,b', ...rows, `"${other}",1`].join('\n'))
      using early = csv(['a,b', `"${other}",1`, ...rows].join('\n'))
      const [first, last] = await Promise.all([contentOf(early.source), contentOf(late.source)])
      expect(last.types, other).toEqual(first.types)
      expect([last.columns.a!.at(-1), ...last.columns.a!.slice(0, -1)], other).toEqual(first.columns.a)
    }
  })

  it('knows missing values by its conventions, or by those that its owner names instead', async () => {
    using usual = csv('a,b\n,NA\n1,x\nnull,N/A\n')
    expect((await contentOf(usual.source)).columns).toEqual({ a: [null, '1', null], b: [null, 'x', null] })
    using own = csv('a,b\n-99,NA\n1,x\n', { missing: ['-99'] })
    expect((await contentOf(own.source)).columns).toEqual({ a: [null, '1'], b: ['NA', 'x'] })
  })

  it('takes a decimal comma where it is declared, and then no point: 1.234 could be a thousand', async () => {
    using table = csv('a;b;c\n1,5;1.234,5;7\n-2,25e1;2,0;8\n', { separator: ';', decimal: ',' })
    expect(await contentOf(table.source)).toEqual({
      types: { a: 'float', b: 'string', c: 'integer' },
      columns: { a: ['1.5', '-22.5'], b: ['1.234,5', '2,0'], c: ['7', '8'] },
    })
  })

  it('is decompressed when its first bytes say gzip, whatever its name', async () => {
    using table = csv(gzipSync('a,b\n1,x\n2,y\n'))
    expect((await contentOf(table.source)).columns).toEqual({ a: ['1', '2'], b: ['x', 'y'] })
  })

  it('that is cut off within its compressed bytes is malformed', async () => {
    using table = csv(gzipSync(`a,b\n${'1,some text that fills the file\n'.repeat(50_000)}`).subarray(0, 3000))
    expect((await refusalOf(table.source)).code).toBe('malformed_datasource')
  })

  it.each([
    ['a line with too few cells', 'a,b\n1,2\nSECRET\n', 3],
    ['a line with too many cells', 'a,b\n1,2\n3,4\nSECRET,5,6\n', 4],
    ['text that is not UTF-8', Buffer.from('a,b\n1,SECRET\xff\n', 'latin1'), 2],
  ])('names the line of %s, and nothing of what stands there', async (_, text, line) => {
    using table = csv(text)
    const { code, detail } = await refusalOf(table.source)
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain(`${table.path}:${line}: `)
    expect(detail).not.toContain('SECRET')
  })

  it.each([
    ['nothing at all', '', 'the file is empty'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'column 2 has no name'],
    ['two columns of one name', 'a,b,a\n1,2,3\n', 'two columns are named "a"'],
    ['one column that is several by another separator', 'a;b\n1;2\n', 'holds ";": is it the separator?'],
    ['one column that is several by tabs', 'a\tb\n1\t2\n', 'holds a tab: is it a tsv file?'],
    ['a line break in the name of a column', 'a,"b\nc"\n1,2\n', 'the name of column 2 has a line break'],
    ['text in UTF-16', Buffer.from('a,b\n1,2\n', 'utf16le'), 'no text in UTF-8'],
    ['the start of a compressed file', gzipSync('a,b\n1,2\n').subarray(0, 20), 'not a whole gzip file'],
  ])('refuses %s', async (_, text, says) => {
    using table = csv(text)
    expect((await refusalOf(table.source)).detail).toContain(says)
  })

  it('may have one column whose name holds a separator, in quotes', async () => {
    using table = csv('"ward; sex"\na\n')
    expect((await contentOf(table.source)).columns).toEqual({ 'ward; sex': ['a'] })
  })

  it('that is not there is unavailable, not malformed', async () => {
    expect(await refusalOf({ kind: 'file', name: 't', path: '/nowhere/table.csv', format: 'csv' })).toMatchObject({
      code: 'datasource_unavailable',
      detail: expect.stringContaining('/nowhere/table.csv'),
    })
  })
})

const declared = (feature: string, type: 'integer' | 'string' | 'categorical' | 'float', categories: string[] = []) => ({
  feature,
  type,
  unit: undefined,
  categories,
})

describe('a declared schema', () => {
  it('decides the type: codes of digits stay text, whole numbers may be floats', async () => {
    using table = csv('zip,x\n08001,1\n08002,2\n', { features: [declared('zip', 'string'), declared('x', 'float')] })
    expect(await contentOf(table.source)).toMatchObject({
      types: { zip: 'string', x: 'float' },
      columns: { zip: ['08001', '08002'] },
    })
  })

  it('that a cell does not fit is an error that counts the cells and names the first record', async () => {
    using table = csv('a\n1\nSECRET\n2\nSECRET\n', { features: [declared('a', 'integer')] })
    const { code, detail } = await refusalOf(table.source)
    expect(code).toBe('malformed_datasource')
    expect(detail).toContain('2 cells of column "a" are not of the declared type integer; the first is in record 2')
    expect(detail).not.toContain('SECRET')
  })

  it('that lists categories admits no others', async () => {
    using good = csv('a\nx\ny\n\n', { features: [declared('a', 'categorical', ['x', 'y', 'z'])] })
    expect((await contentOf(good.source)).columns.a?.slice(0, 2)).toEqual(['x', 'y'])
    using bad = csv('a\nx\nq\n', { features: [declared('a', 'categorical', ['x', "y'z"])] })
    expect((await refusalOf(bad.source)).detail).toContain('the cell of column "a" in record 2 is not one of its categories')
  })

  it('of a column that is not there is an error, since a typing mistake would go unnoticed', async () => {
    using table = csv('a\n1\n', { features: [declared('b', 'integer')] })
    expect((await refusalOf(table.source)).detail).toContain('there is no column "b", which schema names')
  })
})
