import { z } from 'zod'
import { featureNameSchema } from './feature-name.ts'
import { type FunctionName, functionNames } from './functions.ts'

export const scalarSchema = z.union([z.number(), z.string().max(500), z.boolean()]).meta({ id: 'Scalar' })
export type Scalar = z.infer<typeof scalarSchema>

export const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const
export type ComparisonOperator = (typeof comparisons)[number]

/**
 * A value that each record has: a feature, a constant, or something computed of them from a closed set of functions. A condition is
 * an expression of truth values.
 *
 * A missing value is that of SQL: it satisfies no comparison, and what is computed of it is missing.
 */
export type Expression =
  | { op: 'feature'; name: string }
  | { op: 'value'; value: Scalar }
  | { op: ComparisonOperator; left: Expression; right: Expression }
  | { op: 'between'; operand: Expression; lower: Expression; upper: Expression }
  | { op: 'in'; operand: Expression; values: Scalar[] }
  | { op: 'like'; operand: Expression; pattern: string }
  | { op: 'isNull'; operand: Expression }
  | { op: 'and' | 'or'; conditions: Expression[] }
  | { op: 'not'; condition: Expression }
  | { op: 'call'; function: FunctionName; arguments: Expression[] }
  | { op: 'bins'; operand: Expression; edges: number[] }
  | { op: 'case'; cases: { when: Expression; result: Expression }[]; otherwise?: Expression | undefined }

const nested = (): z.ZodType<Expression> => expressionSchema

const featureSchema = z.strictObject({ op: z.literal('feature'), name: featureNameSchema }).meta({ id: 'FeatureReference' })
const valueSchema = z.strictObject({ op: z.literal('value'), value: scalarSchema }).meta({
  id: 'Constant',
  description: 'A constant. A text stands for a date or a time (ISO 8601) where one is needed.',
})
const comparisonSchema = z
  .strictObject({
    op: z.enum(comparisons),
    get left() {
      return nested()
    },
    get right() {
      return nested()
    },
  })
  .meta({ id: 'Comparison', description: 'Numbers with numbers, texts with texts, dates and times with dates and times.' })
const rangeSchema = z
  .strictObject({
    op: z.literal('between'),
    get operand() {
      return nested()
    },
    get lower() {
      return nested()
    },
    get upper() {
      return nested()
    },
  })
  .meta({ id: 'Range', description: 'lower ≤ operand ≤ upper.' })
const membershipSchema = z
  .strictObject({
    op: z.literal('in'),
    get operand() {
      return nested()
    },
    values: z.array(scalarSchema).min(1).max(1000),
  })
  .meta({ id: 'Membership' })
const patternSchema = z
  .strictObject({
    op: z.literal('like'),
    get operand() {
      return nested()
    },
    pattern: z.string().max(200),
  })
  .meta({ id: 'Pattern', description: 'SQL LIKE: % any characters, _ one character, \\ escapes.' })
const nullSchema = z
  .strictObject({
    op: z.literal('isNull'),
    get operand() {
      return nested()
    },
  })
  .meta({ id: 'IsNull' })
const junctionSchema = z
  .strictObject({
    op: z.enum(['and', 'or']),
    get conditions(): z.ZodType<Expression[]> {
      return z.array(nested()).min(1).max(100)
    },
  })
  .meta({ id: 'Junction' })
const negationSchema = z
  .strictObject({
    op: z.literal('not'),
    get condition() {
      return nested()
    },
  })
  .meta({ id: 'Negation' })
const callSchema = z
  .strictObject({
    op: z.literal('call'),
    function: z.enum(functionNames),
    get arguments(): z.ZodType<Expression[]> {
      return z.array(nested()).min(1).max(20)
    },
  })
  .meta({ id: 'Call', description: 'A function of the closed set; a result that does not exist is missing.' })
const binsSchema = z
  .strictObject({
    op: z.literal('bins'),
    get operand() {
      return nested()
    },
    edges: z.array(z.number()).min(1).max(100),
  })
  .meta({ id: 'Bins', description: 'How many of the edges, which rise, are not larger than the number: 0 below the first.' })
const caseSchema = z
  .strictObject({
    op: z.literal('case'),
    get cases(): z.ZodType<{ when: Expression; result: Expression }[]> {
      return z
        .array(z.strictObject({ when: nested(), result: nested() }))
        .min(1)
        .max(20)
    },
    get otherwise(): z.ZodType<Expression | undefined> {
      return nested().optional()
    },
  })
  .meta({ id: 'Case', description: 'The value of the first case whose condition is true; else `otherwise`, or missing.' })

export const expressionSchema: z.ZodType<Expression> = z
  .discriminatedUnion('op', [
    featureSchema,
    valueSchema,
    comparisonSchema,
    rangeSchema,
    membershipSchema,
    patternSchema,
    nullSchema,
    junctionSchema,
    negationSchema,
    callSchema,
    binsSchema,
    caseSchema,
  ])
  .meta({ id: 'Expression' })

/** The expressions that an expression is directly made of. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'feature':
    case 'value':
      return []
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return [expression.left, expression.right]
    case 'between':
      return [expression.operand, expression.lower, expression.upper]
    case 'in':
    case 'like':
    case 'isNull':
    case 'bins':
      return [expression.operand]
    case 'and':
    case 'or':
      return expression.conditions
    case 'not':
      return [expression.condition]
    case 'call':
      return expression.arguments
    case 'case':
      return [
        ...expression.cases.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise === undefined ? [] : [expression.otherwise]),
      ]
    default:
      return expression satisfies never
  }
}
