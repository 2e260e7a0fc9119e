import { z } from 'zod'
import { transformerSchema } from './transformers.ts'

/** Name of a feature: a column of the data sources. Quoted wherever it meets SQL, and checked against the schema before. */
export const featureNameSchema = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'a feature name holds no control characters')
  .meta({ id: 'FeatureName' })

export const scalarSchema = z.union([z.number(), z.string().max(500), z.boolean()]).meta({ id: 'Scalar' })
export type Scalar = z.infer<typeof scalarSchema>

const comparisonSchema = z
  .strictObject({ op: z.enum(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), feature: featureNameSchema, value: scalarSchema })
  .meta({ id: 'Comparison', description: 'Compares a feature with a value; a missing value satisfies no comparison, as in SQL.' })
const membershipSchema = z
  .strictObject({ op: z.literal('in'), feature: featureNameSchema, values: z.array(scalarSchema).min(1).max(1000) })
  .meta({ id: 'Membership' })
const rangeSchema = z
  .strictObject({ op: z.literal('between'), feature: featureNameSchema, lower: scalarSchema, upper: scalarSchema })
  .meta({ id: 'Range', description: 'lower ≤ feature ≤ upper.' })
const patternSchema = z
  .strictObject({ op: z.literal('like'), feature: featureNameSchema, pattern: z.string().max(200) })
  .meta({ id: 'Pattern', description: 'SQL LIKE: % any characters, _ one character, \\ escapes.' })
const nullSchema = z.strictObject({ op: z.literal('isNull'), feature: featureNameSchema }).meta({ id: 'IsNull' })

export type Condition =
  | z.infer<typeof comparisonSchema>
  | z.infer<typeof membershipSchema>
  | z.infer<typeof rangeSchema>
  | z.infer<typeof patternSchema>
  | z.infer<typeof nullSchema>
  | { op: 'and' | 'or'; conditions: Condition[] }
  | { op: 'not'; condition: Condition }

const junctionSchema = z
  .strictObject({
    op: z.enum(['and', 'or']),
    get conditions(): z.ZodType<Condition[]> {
      return z.array(conditionSchema).min(1).max(100)
    },
  })
  .meta({ id: 'Junction' })
const negationSchema = z
  .strictObject({
    op: z.literal('not'),
    get condition(): z.ZodType<Condition> {
      return conditionSchema
    },
  })
  .meta({ id: 'Negation' })

export const conditionSchema: z.ZodType<Condition> = z
  .discriminatedUnion('op', [
    comparisonSchema,
    membershipSchema,
    rangeSchema,
    patternSchema,
    nullSchema,
    junctionSchema,
    negationSchema,
  ])
  .meta({ id: 'Condition' })

const selectSchema = z
  .strictObject({ kind: z.literal('Select'), features: z.array(featureNameSchema).min(1).max(1000) })
  .meta({ id: 'Select', description: 'Keeps these features, in this order.' })
const filterSchema = z
  .strictObject({ kind: z.literal('Filter'), condition: conditionSchema })
  .meta({ id: 'Filter', description: 'Keeps the records for which the condition is true.' })

/** One stage of a query: a relational operation, or a transformer. */
export const stageSchema = z
  .discriminatedUnion('kind', [selectSchema, filterSchema, ...transformerSchema.options])
  .meta({ id: 'Stage' })
export type Stage = z.infer<typeof stageSchema>

/** The data that an operation sees: the project's records, stage by stage. Without stages it is all of them. */
export const querySchema = z
  .strictObject({ kind: z.literal('Query'), stages: z.array(stageSchema).max(100) })
  .meta({ id: 'Query' })
export type Query = z.infer<typeof querySchema>
