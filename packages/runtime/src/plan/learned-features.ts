import { kindOf } from '@flotta/algorithms'
import { columnTransformersOf, isNumericType, type Query, type TypedFeature } from '@flotta/contract'

/**
 * The features that enter a model or its preparation: what is selected, or else every numeric feature and those that a transformer
 * names; with an encoder that names none, every text too. Never the label.
 */
export function learnedFeatures(
  { label, query }: { readonly label: string; readonly query: Query },
  offered: readonly TypedFeature[],
): TypedFeature[] {
  const features = offered.filter(({ name }) => name !== label)
  if (query.stages.some(({ kind }) => kind === 'Select')) return features
  const transformers = columnTransformersOf(query.stages)
  const named = new Set(transformers.flatMap((transformer) => transformer.features ?? []))
  const takesTexts = transformers.some((one) => one.features === undefined && kindOf(one).accepts(one).includes('texts'))
  return features.filter(
    ({ name, type }) => isNumericType(type) || named.has(name) || (takesTexts && (type === 'string' || type === 'null')),
  )
}
