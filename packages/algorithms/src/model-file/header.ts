import type { Json } from '../json.ts'
import { ensure } from './model-file-error.ts'
import { parseStrictJson } from './strict-json.ts'
import { bytesPerElement, type Dtype, isDtype } from './tensor.ts'

export const MAX_HEADER_BYTES = 2 ** 20
export const MAX_TENSORS = 4096
const MAX_DIMENSIONS = 8
const TENSOR_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/

/** One tensor as the header describes it; `begin` and `end` are offsets into the data. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  readonly description: Json
  readonly entries: readonly TensorEntry[]
}

/** A letter, then letters, digits, dots, dashes and underscores; names that every JavaScript object has are not allowed. */
export function isTensorName(name: string): boolean {
  return TENSOR_NAME.test(name) && !(name in Object.prototype)
}

/**
 * Reads the JSON header of a safetensors file, and checks that the tensors fill the data without gap or overlap.
 *
 * @param dataLength bytes that follow the header
 * @throws {ModelFileError}
 */
export function parseHeader(text: string, dataLength: number): Header {
  ensure(text.startsWith('{'), 'the header does not begin with an object')
  const header = asRecord(parseStrictJson(text, 'the header'), 'the header')
  const { __metadata__: metadata, ...tensors } = header
  const names = Object.keys(tensors)
  ensure(names.length <= MAX_TENSORS, `the file has ${names.length} tensors, more than ${MAX_TENSORS}`)
  const entries = names.map((name) => parseEntry(name, tensors[name])).sort((a, b) => a.begin - b.begin || a.end - b.end)
  let place = 0
  for (const entry of entries) {
    ensure(entry.begin === place, `tensor ${entry.name} does not begin where the one before ends`)
    place = entry.end
  }
  ensure(place === dataLength, `the tensors take ${place} bytes, but the file has ${dataLength}`)
  return { description: parseDescription(metadata), entries }
}

function parseEntry(name: string, value: Json | undefined): TensorEntry {
  ensure(isTensorName(name), 'a tensor has a name that is not allowed')
  const { dtype, shape, data_offsets: offsets, ...others } = asRecord(value, `tensor ${name}`)
  ensure(Object.keys(others).length === 0, `tensor ${name} has unknown properties`)
  ensure(isDtype(dtype), `tensor ${name} has a data type that is not supported`)
  ensure(isSizes(shape) && shape.length <= MAX_DIMENSIONS, `tensor ${name} has no valid shape`)
  ensure(isSizes(offsets) && offsets.length === 2, `tensor ${name} has no valid offsets`)
  const [begin, end] = offsets
  const bytes = shape.reduce((product, size) => product * size, bytesPerElement(dtype))
  ensure(Number.isSafeInteger(bytes) && bytes === end - begin, `tensor ${name} has a shape that does not fit its length`)
  return { name, dtype, shape, begin, end }
}

function parseDescription(metadata: Json | undefined): Json {
  const texts = asRecord(metadata, 'the metadata')
  ensure(
    Object.values(texts).every((text) => typeof text === 'string'),
    'the metadata holds something else than texts',
  )
  ensure(typeof texts.flotta === 'string', 'the metadata has no description: this is no file of flotta')
  return parseStrictJson(texts.flotta, 'the description')
}

/** The value as an object. @throws {ModelFileError} when it is none */
export function asRecord(value: Json | undefined, what: string): { readonly [key: string]: Json } {
  ensure(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is not an object`)
  return value as { readonly [key: string]: Json }
}

function isSizes(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
