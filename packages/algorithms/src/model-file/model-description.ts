import { LEAF, type RandomForestClassifier } from '../forest/classifier.ts'
import { defaultRandomForestParams, type RandomForestParams, resolveRandomForestParams } from '../forest/params.ts'
import type { Json } from '../json.ts'
import { isLabel, isSorted, type Label } from '../labels/label.ts'
import { MODEL_VERSION } from './encode-model.ts'
import { asRecord } from './header.ts'
import { ensure, ModelFileError } from './model-file-error.ts'

/** What a model file says in words; the arrays say the rest. */
export type ModelDescription = Pick<RandomForestClassifier, 'featureNames' | 'classes' | 'params' | 'groups'>

const MAX_CLASSES = 0xffff

/** @throws {ModelFileError} when a part is absent, unknown or out of range */
export function parseModelDescription(description: Json): ModelDescription {
  const { kind, version, featureNames, classes, params, groups, ...others } = asRecord(description, 'the description')
  ensure(Object.keys(others).length === 0, 'the description has unknown properties')
  ensure(kind === 'RandomForestClassifier', 'the file does not hold a random forest')
  ensure(version === MODEL_VERSION, `the model's version is not ${MODEL_VERSION}`)
  ensure(
    isListOf(featureNames, (name) => typeof name === 'string', LEAF),
    'the feature names are not a list of texts',
  )
  ensure(new Set(featureNames).size === featureNames.length, 'a feature name occurs twice')
  ensure(isListOf(classes, isLabel, MAX_CLASSES), 'the classes are not a list of labels')
  const labels = classes as readonly Label[]
  ensure(isSorted(labels), 'the classes are not sorted and distinct')
  const isGroup = (group: Json) =>
    isListOf(group, (c) => Number.isInteger(c), MAX_CLASSES) && isAscending(group as number[], labels.length)
  ensure(isListOf(groups, isGroup, MAX_CLASSES), 'a group is not a list of ascending class numbers')
  return {
    featureNames: featureNames as readonly string[],
    classes: labels,
    params: parseParams(params),
    groups: groups as readonly (readonly number[])[],
  }
}

function parseParams(value: Json | undefined): RandomForestParams | null {
  if (value === null) return null
  const params = asRecord(value, 'the parameters')
  const names = Object.keys(defaultRandomForestParams)
  const isComplete = Object.keys(params).length === names.length && names.every((name) => Object.hasOwn(params, name))
  ensure(isComplete && typeof params.bootstrap === 'boolean', 'the parameters are not those of a random forest')
  try {
    return resolveRandomForestParams(params as Partial<RandomForestParams>)
  } catch {
    throw new ModelFileError('a parameter is out of its range')
  }
}

function isListOf(value: Json | undefined, isItem: (item: Json) => boolean, maxLength: number): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0 && value.length <= maxLength && value.every(isItem)
}

function isAscending(numbers: readonly number[], limit: number): boolean {
  return numbers.every((number, i) => number > (i === 0 ? -1 : numbers[i - 1]) && number < limit)
}
