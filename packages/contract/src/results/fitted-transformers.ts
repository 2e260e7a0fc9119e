import { z } from 'zod'
import { columnTransformerSchema } from '../artifact/transformers.ts'

/** Transformers that were fitted over the federation: their places among those of the query, and what each does to which columns. */
export const fittedTransformersSchema = z.array(
  z.strictObject({
    place: z.number().int().min(0).max(10_000),
    transformer: columnTransformerSchema,
    /** Expressions of the closed set of `@flotta/algorithms`. */
    expressions: z.array(z.json()),
  }),
)
