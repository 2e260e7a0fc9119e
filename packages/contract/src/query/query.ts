import { z } from 'zod'
import { transformerSchema } from '../artifact/transformers.ts'
import { type Expression, expressionSchema, operandsOf } from './expression.ts'
import { featureListSchema } from './feature-list.ts'
import { featureNameSchema } from './feature-name.ts'

const selectSchema = z
  .strictObject({ kind: z.literal('Select'), features: featureListSchema })
  .meta({ id: 'Select', description: 'Keeps these features, in this order.' })
const dropSchema = z
  .strictObject({ kind: z.literal('Drop'), features: featureListSchema })
  .meta({ id: 'Drop', description: 'Leaves these features out.' })
const renameSchema = z
  .strictObject({
    kind: z.literal('Rename'),
    names: z
      .array(z.strictObject({ from: featureNameSchema, to: featureNameSchema }))
      .min(1)
      .max(1000),
  })
  .meta({ id: 'Rename', description: 'Gives features other names, all at once; their order stays.' })
const deriveSchema = z
  .strictObject({ kind: z.literal('Derive'), feature: featureNameSchema, expression: expressionSchema })
  .meta({ id: 'Derive', description: 'Adds a feature that is computed of the others, or replaces the one of this name.' })
const filterSchema = z
  .strictObject({ kind: z.literal('Filter'), condition: expressionSchema })
  .meta({ id: 'Filter', description: 'Keeps the records for which the condition is true.' })

const relationalSchemas = [selectSchema, dropSchema, renameSchema, deriveSchema, filterSchema] as const

/** One stage of a query: a relational operation, or a transformer, of which none stands before a relational one. */
export const stageSchema = z
  .discriminatedUnion('kind', [...relationalSchemas, ...transformerSchema.options])
  .meta({ id: 'Stage' })
export type Stage = z.infer<typeof stageSchema>
export type RelationalStage = z.infer<(typeof relationalSchemas)[number]>

/** The kinds of stages that are relational. */
export const relationalKinds: readonly string[] = relationalSchemas.map(({ shape }) => shape.kind.value)

export function isRelational(stage: Stage): stage is RelationalStage {
  return relationalKinds.includes(stage.kind)
}

/** Deepest nesting of an expression. */
export const MAX_EXPRESSION_DEPTH = 16

/** Most nodes that the expressions of a query have in all. */
export const MAX_EXPRESSION_NODES = 256

/** The data that an operation sees: the project's records, stage by stage. Without stages it is all of them. */
export const querySchema = z
  .strictObject({ kind: z.literal('Query'), stages: z.array(stageSchema).max(100) })
  .superRefine(({ stages }, context) => {
    const sizes = stages.flatMap(expressionsOf).map((expression) => sizeOf(expression))
    const depth = Math.max(0, ...sizes.map((size) => size.depth))
    const nodes = sizes.reduce((sum, size) => sum + size.nodes, 0)
    if (depth > MAX_EXPRESSION_DEPTH)
      context.addIssue({ code: 'custom', message: `expressions nest ${MAX_EXPRESSION_DEPTH} levels at the most` })
    if (nodes > MAX_EXPRESSION_NODES)
      context.addIssue({
        code: 'custom',
        message: `the expressions of a query have ${MAX_EXPRESSION_NODES} nodes at the most; found ${nodes}`,
      })
  })
  .meta({
    id: 'Query',
    description: `Expressions nest ${MAX_EXPRESSION_DEPTH} levels and have ${MAX_EXPRESSION_NODES} nodes at the most.`,
  })
export type Query = z.infer<typeof querySchema>

function expressionsOf(stage: Stage): Expression[] {
  if (stage.kind === 'Filter') return [stage.condition]
  return stage.kind === 'Derive' ? [stage.expression] : []
}

function sizeOf(expression: Expression): { depth: number; nodes: number } {
  const sizes = operandsOf(expression).map(sizeOf)
  return {
    depth: 1 + Math.max(0, ...sizes.map(({ depth }) => depth)),
    nodes: 1 + sizes.reduce((sum, { nodes }) => sum + nodes, 0),
  }
}
