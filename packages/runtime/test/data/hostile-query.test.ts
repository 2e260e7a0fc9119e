import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Expression, functionNames, isFlottaError, parseJson, type Query, querySchema, type Stage } from '@flotta/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTable } from '../../src/data/open-table.ts'
import { compileQuery } from '../../src/data/query/compile-query.ts'
import type { Table } from '../../src/data/table.ts'
import { interpret } from './interpreter.ts'
import { csv, rows, schema } from './queries.ts'
import { Folder } from './sources/folder.ts'

const CANARY = 'canary-4711'
const folder = new Folder()
let table: Table
let before: string

beforeAll(async () => {
  folder.write('canary.txt', CANARY)
  folder.write('canary.csv', `secret\n${CANARY}\n`)
  const path = folder.write('table.csv', csv)
  table = await openTable({ kind: 'file', name: 'table', path, format: 'csv' }, { folder: join(folder.path, 'tables') })
  before = contentOf(folder.path)
})
afterAll(async () => {
  await table.close()
  folder[Symbol.dispose]()
})

const texts = [
  `'; DROP TABLE data; --`,
  `"; DROP TABLE data; --`,
  `x" FROM data; SELECT * FROM read_text('${folder.path}/canary.txt') --`,
  `' UNION SELECT secret FROM read_csv('${folder.path}/canary.csv') --`,
  `(SELECT content FROM read_text('${folder.path}/canary.txt'))`,
  `read_text('${folder.path}/canary.txt')`,
  `/* */ i /* ' */`,
  '-- i',
  "i'--",
  'i"',
  '""',
  "''",
  '$1',
  '?',
  ':name',
  'select',
  'FROM',
  'NULL',
  'data',
  'data.i',
  '"data"."i"',
  'main.data',
  'information_schema.tables',
  'duckdb_settings()',
  'rowid',
  'i; ATTACH',
  '＇ OR １＝１',
  '‘i’',
  '“i”',
  'i\u0000',
  '\u0000',
  '\u0001',
  '\u00010',
  '\ud800',
  'İ',
  'I',
  'i ',
  '%',
  '\\',
  '__proto__',
  'constructor',
  'toString',
  "E'\\x27'",
  '$$x$$',
  'x'.repeat(500),
]

const name = fc.oneof(fc.constantFrom(...schema.map((column) => column.name)), fc.constantFrom(...texts), fc.string())
const scalar = fc.oneof(fc.constantFrom(...texts), fc.double(), fc.boolean(), fc.string(), fc.integer())

const expression = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.record({ op: fc.constant('feature'), name }),
    fc.record({ op: fc.constant('value'), value: scalar }),
    fc.record({ op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', "= 1; --'"), left: tie('any'), right: tie('any') }),
    fc.record({ op: fc.constant('between'), operand: tie('any'), lower: tie('any'), upper: tie('any') }),
    fc.record({ op: fc.constant('in'), operand: tie('any'), values: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ op: fc.constant('like'), operand: tie('any'), pattern: fc.oneof(fc.constantFrom(...texts), fc.string()) }),
    fc.record({ op: fc.constant('isNull'), operand: tie('any') }),
    fc.record({ op: fc.constantFrom('and', 'or'), conditions: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ op: fc.constant('not'), condition: tie('any') }),
    fc.record({
      op: fc.constant('call'),
      function: fc.constantFrom(...functionNames, 'read_text', 'getenv', 'current_setting', 'pragma_version', 'upper(i),'),
      arguments: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('bins'), operand: tie('any'), edges: fc.array(fc.double(), { minLength: 1, maxLength: 4 }) }),
    fc.record({
      op: fc.constant('case'),
      cases: fc.array(fc.record({ when: tie('any'), result: tie('any') }), { minLength: 1, maxLength: 2 }),
    }),
  ) as fc.Arbitrary<Expression>,
})).any

const stage = fc.oneof(
  fc.record({ kind: fc.constant('Filter'), condition: expression }),
  fc.record({ kind: fc.constant('Derive'), feature: name, expression }),
  fc.record({ kind: fc.constant('Select'), features: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('Drop'), features: fc.array(name, { minLength: 1, maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('Rename'),
    names: fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 2 }),
  }),
)

const documents = fc
  .array(stage, { minLength: 1, maxLength: 4 })
  .map((stages) => ({ kind: 'Query', stages: stages as unknown as Stage[] }))

describe('a hostile query', () => {
  it('is refused or answered correctly: 5,000 documents of quotes, comments, reserved words, control characters', async () => {
    const outcomes = { malformed: 0, refused: 0, answered: 0 }
    for (const document of fc.sample(documents, { numRuns: 5000, seed: 4711 })) outcomes[await outcomeOf(document)]++
    expect(outcomes.malformed + outcomes.refused + outcomes.answered).toBe(5000)
    expect(Math.min(outcomes.malformed, outcomes.refused, outcomes.answered)).toBeGreaterThan(100)
  })

  it('as a name that a query itself may give stays a name, whatever it looks like', async () => {
    const own = (text: string) => schema.every((column) => column.name !== text.toLowerCase())
    for (const text of texts.filter((candidate) => own(candidate) && querySchema.safeParse(derived(candidate)).success)) {
      const compiled = compileQuery(derived(text), schema)
      const [values] = await table.numbers([text], compiled)
      expect(values).toHaveLength(rows.length)
    }
  })

  it('as a value stays a value, whatever it looks like', async () => {
    for (const value of texts) {
      const condition: Expression = { op: 'eq', left: { op: 'feature', name: 's' }, right: { op: 'value', value } }
      const compiled = compileQuery({ kind: 'Query', stages: [{ kind: 'Filter', condition }] }, schema)
      expect(await table.count(compiled)).toBe(rows.filter(({ s }) => s === value).length)
    }
  })

  it('of great depth or size is refused before anything recurses into it', () => {
    let deep: Expression = { op: 'feature', name: 'b' }
    for (let level = 0; level < 16; level++) deep = { op: 'not', condition: deep }
    expect(querySchema.safeParse(filtered(deep)).success).toBe(false)
    expect(parseJson(`${'{"op":"not","condition":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toBeUndefined()
    const wide: Expression = { op: 'or', conditions: Array.from({ length: 100 }, () => ({ op: 'feature', name: 'b' })) }
    expect(querySchema.safeParse(filtered(wide)).success).toBe(true)
    expect(querySchema.safeParse(filtered({ op: 'and', conditions: [wide, wide, wide] })).success).toBe(false)
  })

  it('compiles to SQL that is linear in its size, however it nests', () => {
    const lengthAt = (depth: number) => {
      let nested: Expression = { op: 'feature', name: 'f' }
      for (let level = 1; level < depth; level++)
        nested = {
          op: 'call',
          function: 'divide',
          arguments: [
            { op: 'call', function: 'sqrt', arguments: [nested] },
            { op: 'value', value: 2 },
          ],
        }
      return compileQuery(filtered({ op: 'isNull', operand: nested }), schema).source.length
    }
    expect(lengthAt(8) - lengthAt(6)).toBeLessThan(1.5 * (lengthAt(4) - lengthAt(2)))
  })

  it('that were run as SQL would find the engine closed: no file, no other database, no setting', async () => {
    const selections = [
      `(SELECT * FROM read_text('${folder.path}/canary.txt'))`,
      `(SELECT * FROM read_csv('${folder.path}/canary.csv'))`,
      `(SELECT * FROM '${folder.path}/canary.csv')`,
      `(SELECT * FROM glob('${folder.path}/*'))`,
      `data; SELECT 1`,
      `data; SET enable_external_access = true`,
      `data; COPY data TO '${folder.path}/out.csv'`,
      `data; ATTACH '${folder.path}/other.db'`,
    ]
    for (const source of selections) await expect(table.count({ ...table.all, source })).rejects.toThrow()
  })

  it('has read and written nothing beside its table', async () => {
    expect(contentOf(folder.path)).toBe(before)
    expect(await table.count(table.all)).toBe(rows.length)
  })
})

async function outcomeOf(document: unknown): Promise<'malformed' | 'refused' | 'answered'> {
  const parsed = querySchema.safeParse(document)
  if (!parsed.success) return 'malformed'
  let compiled: ReturnType<typeof compileQuery>
  try {
    compiled = compileQuery(parsed.data as Query, schema)
  } catch (error) {
    expect(isFlottaError(error)).toBe(true)
    return 'refused'
  }
  expect(await table.count(compiled)).toBe(interpret(parsed.data as Query, schema, rows).length)
  for (const column of compiled.columns.slice(0, 2)) expect(await table.texts(column, compiled)).not.toContain(CANARY)
  return 'answered'
}

function derived(feature: string): Query {
  return { kind: 'Query', stages: [{ kind: 'Derive', feature, expression: { op: 'value', value: 1 } }] }
}

function filtered(condition: Expression): Query {
  return { kind: 'Query', stages: [{ kind: 'Filter', condition }] }
}

/** The names, sizes and bytes of everything below a folder. */
function contentOf(path: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(path, entry)
    hash.update(entry)
    if (statSync(file).isFile()) hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}
