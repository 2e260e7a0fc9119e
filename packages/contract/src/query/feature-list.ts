import { z } from 'zod'
import { featureNameSchema } from './feature-name.ts'

/** Most features that a list names. */
export const MAX_FEATURES = 1000

/** Features in an order, each of them once: a second mention would do twice what is meant once. */
export const featureListSchema = z
  .array(featureNameSchema)
  .min(1)
  .max(MAX_FEATURES)
  .superRefine((features, context) => {
    for (const twice of repeatedIn(features))
      context.addIssue({ code: 'custom', message: `the feature "${twice}" is named more than once` })
  })
  .meta({ uniqueItems: true })

/** The values that occur more than once, each of them once. */
export function repeatedIn<Value>(values: readonly Value[]): Value[] {
  const seen = new Set<Value>()
  const repeated = new Set<Value>()
  for (const value of values) (seen.has(value) ? repeated : seen).add(value)
  return [...repeated]
}
