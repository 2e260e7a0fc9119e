import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCsv } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function table(text: string, name = 'table.csv') {
  const file = join(folder, name)
  writeFileSync(file, text)
  return readCsv(file)
}

describe('readCsv', () => {
  it('reads a byte order mark, quoted fields, CRLF and missing cells', () => {
    const read = table('\uFEFFa,b,label\r\n1,"x, ""y""",yes\r\n,NA,no\r\n')
    expect(read.names).toEqual(['a', 'b', 'label'])
    expect([...read.numbers('a')]).toEqual([1, Number.NaN])
    expect(read.text('b')).toEqual(['x, "y"', 'NA'])
    expect(read.labels('label')).toEqual(['yes', 'no'])
  })

  it('reads tabulators by the ending of the file', () => {
    expect(table('a\tb\n1\t2\n', 'table.tsv').labels('b')).toEqual([2])
  })

  it('reads cells by the conventions of their owner, an empty one as missing in any case', () => {
    const file = join(folder, 'own.csv')
    writeFileSync(file, 'a;b\n1,5;NA\n-99;x\n;y\n')
    const read = readCsv(file, { delimiter: ';', decimal: ',', missing: ['-99'] })
    expect([...read.numbers('a')]).toEqual([1.5, Number.NaN, Number.NaN])
    expect(read.texts('b')).toEqual(['NA', 'x', 'y'])
  })

  it('keeps the types of columns where records are left out, and refuses labels that are missing', () => {
    const read = table('a,label\nx,\n1,yes\n2,no\n')
    expect(() => read.labels('label')).toThrow(/record 1.*withValues\("label"\)/)
    const kept = read.withValues('label')
    expect(kept.labels('label')).toEqual(['yes', 'no'])
    expect([kept.type('a'), kept.texts('a')]).toEqual(['string', ['1', '2']])
  })

  it('reads an empty line of one column as a record without a value, and of several as none, as sites do', () => {
    expect(table('a\n1\n\n2\n').texts('a')).toEqual(['1', null, '2'])
    expect(table('a,b\n1,2\n\n3,4\n').texts('a')).toEqual(['1', '3'])
  })

  it('refuses labels that are one number here and two in the file', () => {
    expect(() => table('a\n9007199254740993\n9007199254740992\n').labels('a')).toThrow(/beyond 2\^53/)
  })

  it('two columns of one name are an error', () => {
    expect(() => table('a, a\n1,2\n')).toThrow(/two columns are named "a"/)
  })

  it('a ragged line is an error that names the line', () => {
    expect(() => table('a,b\n1,2\n3\n')).toThrow(/line 3/)
  })

  it('a column that is not there, or not numeric, is an error that names it', () => {
    const read = table('a,b\n1,x\n')
    expect(() => read.numbers('c')).toThrow(/"c".*a, b/)
    expect(() => read.numbers('b')).toThrow(/"b"/)
  })
})
