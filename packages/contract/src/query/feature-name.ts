import { z } from 'zod'

/** Name of a feature: a column of the data sources. Quoted wherever it meets SQL, and checked against the schema before. */
export const featureNameSchema = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'a feature name holds no control characters')
  .meta({ id: 'FeatureName' })
