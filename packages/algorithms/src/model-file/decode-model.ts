import type { RandomForestClassifier } from '../forest/classifier.ts'
import { decodeJson } from './json-tensor.ts'
import { readForestArrays } from './model-arrays.ts'
import { parseModelDescription } from './model-description.ts'
import { parsePreparation } from './parse-preparation.ts'
import { decodeTensors } from './tensors.ts'

/**
 * Reads a forest, and checks all that predicting with it and merging it rely on.
 *
 * Every shape of tree that can be written is a tree: children follow from the order of the nodes.
 *
 * @throws {ModelFileError} when the file is malformed; nothing else, whatever the bytes
 */
export function decodeModel(bytes: Uint8Array): RandomForestClassifier {
  const { description, tensors } = decodeTensors(bytes)
  const model = parseModelDescription(description)
  const { preparation, ...arrays } = tensors
  return {
    kind: 'RandomForestClassifier',
    preparation: preparation === undefined ? null : parsePreparation(decodeJson(preparation, 'the preparation')),
    ...model,
    ...readForestArrays(arrays, model),
  }
}
