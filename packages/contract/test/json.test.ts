import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonDepth, MAX_JSON_DEPTH, parseJson } from '../src/index.ts'

describe('parseJson', () => {
  it('gives what JSON.parse gives for every document of bounded depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__'))
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['nesting deeper than the limit', `${'['.repeat(MAX_JSON_DEPTH + 1)}${']'.repeat(MAX_JSON_DEPTH + 1)}`],
    ['200,000 levels, without a crash', '['.repeat(200_000)],
    ['a number that is not finite', '{"a":1e999}'],
    ['the key __proto__', '{"__proto__":{"polluted":1}}'],
    ['text that is not JSON', '{"a":'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseJson(text)).toBeUndefined()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('brackets inside strings do not count as nesting', () => {
    expect(jsonDepth('{"a":"[[[[\\"[["}')).toBe(1)
  })
})
