import { decodeModel, decodeTensors } from '@flotta/algorithms'
import { FlottaError } from '@flotta/contract'
import type { Result } from './result.ts'

/**
 * Decodes what a plan produced: a safetensors file whose description says of which kind it is.
 *
 * @throws {FlottaError} `invalid_resource`
 */
export function decodeResult(bytes: Uint8Array): Result {
  try {
    const { description } = decodeTensors(bytes)
    const { kind } = description as { readonly kind?: unknown }
    switch (kind) {
      case 'Count':
      case 'Mean':
      case 'Empty':
        return description as unknown as Result
      case 'RandomForestClassifier':
        return { kind, model: decodeModel(bytes) }
      default:
        throw new TypeError('unknown kind of result')
    }
  } catch (error) {
    throw new FlottaError('invalid_resource', 'The result is not of a kind that this version can read.', { cause: error })
  }
}
