import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf, Folder } from './sources/folder.ts'

const features = [{ feature: 'text', type: 'string', unit: undefined, categories: [] }] as const

/** Short ones, which differ in one place, and such as are as long as the engine holds in place, and longer. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 14 }).filter((value) => !value.includes('\0')),
  fc.constantFrom(
    '',
    'a',
    'aa',
    'aaaaaaaaaaaa',
    'aaaaaaaaaaab',
    'aaaaaaaaaaaaa',
    'é',
    '\uFEFFa',
    'pneumonia, community-acquired',
    ' a',
  ),
  fc.nat(5000).map((number) => `p${number}`),
)

describe('texts that are taken out of the query engine', () => {
  it('are what they were, however many differ, missing ones included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 6000, size: 'max' }), async (texts) => {
        using folder = new Folder()
        const path = folder.write('t.jsonl', `${texts.map((value) => JSON.stringify({ text: value })).join('\n')}\n`)
        const { columns } = await contentOf({ kind: 'file', name: 't', path, format: 'jsonl', features })
        expect(columns.text).toEqual(texts)
      }),
      { numRuns: 8 },
    )
  })
})
