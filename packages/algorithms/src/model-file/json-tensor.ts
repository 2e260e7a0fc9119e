import type { Json } from '../json.ts'
import { ensure, ModelFileError } from './model-file-error.ts'
import { parseStrictJson } from './strict-json.ts'
import { type Tensor, tensorOf } from './tensor.ts'

/** JSON as a tensor of bytes: for what may be larger than a description. */
export function encodeJson(value: Json): Tensor {
  return tensorOf(new TextEncoder().encode(JSON.stringify(value)))
}

/**
 * What {@link encodeJson} wrote.
 *
 * @param what the text, as messages call it
 * @throws {ModelFileError}
 */
export function decodeJson(tensor: Tensor | undefined, what: string): Json {
  ensure(tensor?.dtype === 'U8', `${what} is not a tensor of bytes`)
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(tensor.data), what)
  } catch (error) {
    if (error instanceof ModelFileError) throw error
    throw new ModelFileError(`${what} is not UTF-8`)
  }
}
