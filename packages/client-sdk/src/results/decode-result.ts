import { decodeModel, decodeTensors } from '@flotta/algorithms'
import { FlottaError, statisticValueSchema } from '@flotta/contract'
import { fittedTransformersOf } from './fitted-transformers.ts'
import { presentable } from './presentation.ts'
import type { Result, StatisticalResult } from './result.ts'

/**
 * Decodes what a plan produced: a safetensors file whose description says of which kind it is.
 *
 * @throws {FlottaError} `invalid_resource`
 */
export function decodeResult(bytes: Uint8Array): Result {
  try {
    const file = decodeTensors(bytes)
    const { description, tensors } = file
    const { kind } = description as { readonly kind?: unknown }
    if (kind === 'RandomForestClassifier') return { kind, model: decodeModel(bytes) }
    if (kind === 'Empty') return { kind }
    if (kind === 'FittedTransformers') return fittedTransformersOf(file)
    const large = tensors.json
    return statisticOf(large === undefined ? description : JSON.parse(new TextDecoder().decode(large.data as Uint8Array)))
  } catch (error) {
    throw new FlottaError('invalid_resource', 'The result is not of a kind that this version can read.', { cause: error })
  }
}

function statisticOf(description: unknown): StatisticalResult {
  const value = presentable(statisticValueSchema.parse(description))
  return value.kind === 'Mean'
    ? (Object.defineProperty(value, 'means', { value: value.columns }) as StatisticalResult)
    : (value as StatisticalResult)
}
