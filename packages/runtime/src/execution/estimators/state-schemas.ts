import { z } from 'zod'

/** Parts that summaries on the wire are made of. */
export const countSchema = z.number().int().min(0)
export const doubleDoubleSchema = z.strictObject({ high: z.number(), low: z.number() })
export const momentsSchema = z.strictObject({
  count: countSchema,
  sum: doubleDoubleSchema,
  squares: doubleDoubleSchema.nullable(),
})
export const keySchema = z.array(z.union([z.null(), z.boolean(), z.number(), z.string()])).max(4)

const end = z.number().nullable()
export const binsSchema = z.array(z.strictObject({ lower: end, upper: end, count: countSchema }))
