import { z } from 'zod'
import { type Entry, isKey, isList, isNamed, type Key, type Section } from './key/key.ts'
import { keys } from './keys/index.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** `${NAME}` may stand for a value of any type. */
const variable = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}' }
/** What counts as not set, as in `port: ""`. */
const unset = { enum: ['', null] }

/** The file as a JSON Schema (2020-12), for editors: names, types, defaults and meanings of all keys. */
export function configJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'flotta configuration',
    ...sectionSchema(keys),
  }
}

function entrySchema(entry: Entry): JsonSchema {
  if (isKey(entry)) return keySchema(entry)
  if (isList(entry)) return { description: entry.about, type: ['array', 'null'], items: sectionSchema(entry.item) }
  if (isNamed(entry))
    return { description: entry.about, type: ['object', 'null'], additionalProperties: sectionSchema(entry.item) }
  return sectionSchema(entry)
}

function sectionSchema(section: Section): JsonSchema {
  const entries = Object.entries(section)
  const required = entries.filter(([, entry]) => isKey(entry) && entry.required).map(([name]) => name)
  return {
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(entries.map(([name, entry]) => [name, entrySchema(entry)])),
    ...(required.length === 0 ? {} : { required }),
  }
}

function keySchema({ schema, about, default: fallback, secret, required }: Key<unknown>): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const shown = secret || required || fallback === undefined ? {} : { default: fallback }
  return { description: about, ...shown, anyOf: [own, variable, ...(required ? [] : [unset])] }
}
