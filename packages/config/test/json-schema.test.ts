import { readFileSync, writeFileSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema } from '../src/index.ts'
import { client } from './support.ts'

const file = new URL('../schema.json', import.meta.url)
const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
if (process.env.UPDATE_SCHEMA === '1') writeFileSync(file, text)

describe('the JSON Schema of the file', () => {
  it('equals the shipped one; run with UPDATE_SCHEMA=1 to review a change', () => {
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  const validator = new Validator(JSON.parse(readFileSync(file, 'utf8')), '2020-12', false)
  const errorsOf = (yaml: string) => validator.validate(parse(yaml)).errors.map(({ instanceLocation }) => instanceLocation)

  it.each([
    ['nothing but a mode', 'mode: node'],
    ['the least of a client', client],
    ['variables instead of values', 'node: { port: "$' + '{PORT:-1456}", heartbeat: "$' + '{BEAT}" }'],
    ['values that are left open', 'node:\n  url: ""\n  name:\ndatabase: { port: "" }'],
    ['declared features', 'datasources: [{ name: a, token: [t], path: p, schema: { "blood pressure": { type: float } } }]'],
  ])('accepts %s', (_, yaml) => {
    expect(errorsOf(yaml)).toEqual([])
  })

  it.each([
    ['a key that does not exist', 'node: { prot: 1 }', '#/node'],
    ['a value of another type', 'node: { port: many }', '#/node/port'],
    ['a choice that there is not', 'mode: server', '#/mode'],
    ['a number out of range', 'policy: { minimum_records: 1 }', '#/policy/minimum_records'],
    ['a data source without a name', 'datasources: [{ path: p, token: t }]', '#/datasources/0'],
  ])('refuses %s', (_, yaml, at) => {
    expect(errorsOf(yaml)).toContain(at)
  })
})
