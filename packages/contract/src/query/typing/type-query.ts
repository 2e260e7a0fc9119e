import type { Transformer } from '../../artifact/transformers.ts'
import type { TypedFeature } from '../feature-type.ts'
import { isRelational, type Query, type RelationalStage } from '../query.ts'
import { fitted } from './reconcile.ts'
import { typeExpression } from './type-expression.ts'
import type { TypedExpression } from './typed-expression.ts'
import { findFeature, type Report, type TypingProblem } from './typing-problem.ts'

/** A relational stage over a known schema. `features` is what it offers, in order. */
export type TypedStage =
  | { readonly kind: 'Filter'; readonly condition: TypedExpression; readonly features: readonly TypedFeature[] }
  | {
      readonly kind: 'Derive'
      readonly feature: string
      readonly expression: TypedExpression
      readonly features: readonly TypedFeature[]
    }
  /** Select, Drop and Rename alike: `sources[i]` is what `features[i]` was called before. */
  | { readonly kind: 'Project'; readonly sources: readonly string[]; readonly features: readonly TypedFeature[] }

/** A query over a known schema. */
export interface TypedQuery {
  readonly stages: readonly TypedStage[]
  /** The transformers that follow the relational stages. */
  readonly transformers: readonly Transformer[]
  /** What the relational stages offer, in order. */
  readonly features: readonly TypedFeature[]
}

/**
 * Gives every stage of a query its types, stage by stage, over the schema of a table.
 *
 * @param path where the query stands in its document, for the paths of problems
 * @returns the typed query, which leaves out what could not be typed; it can run only if there are no problems
 */
export function typeQuery(
  { stages }: Query,
  schema: readonly TypedFeature[],
  path = 'query',
): { readonly query: TypedQuery; readonly problems: readonly TypingProblem[] } {
  const problems: TypingProblem[] = []
  const typed: TypedStage[] = []
  const transformers: Transformer[] = []
  let features = schema
  stages.forEach((stage, index) => {
    const place = `${path}.stages[${index}]`
    if (!isRelational(stage)) {
      transformers.push(stage)
      return
    }
    if (transformers.length > 0) {
      problems.push({ code: 'invalid_artifact', path: place, message: `${stage.kind} stands before transformers, not after one` })
      return
    }
    const result = typeStage(stage, features, place, (problem) => problems.push(problem))
    if (result === undefined) return
    typed.push(result)
    features = result.features
  })
  return { query: { stages: typed, transformers, features }, problems }
}

function typeStage(
  stage: RelationalStage,
  features: readonly TypedFeature[],
  path: string,
  report: Report,
): TypedStage | undefined {
  const refuse = (message: string) => {
    report({ code: 'invalid_artifact', path, message })
    return undefined
  }
  switch (stage.kind) {
    case 'Select': {
      const twice = firstTwice(stage.features)
      if (twice !== undefined) return refuse(`"${twice}" is selected twice`)
      const selected = stage.features.flatMap((name) => findFeature(name, features, `${path}.features`, report) ?? [])
      return { kind: 'Project', sources: selected.map(({ name }) => name), features: selected }
    }
    case 'Drop': {
      for (const name of stage.features) findFeature(name, features, `${path}.features`, report)
      const kept = features.filter(({ name }) => !stage.features.includes(name))
      if (kept.length === 0) return refuse('no feature is left')
      return { kind: 'Project', sources: kept.map(({ name }) => name), features: kept }
    }
    case 'Rename': {
      const twice = firstTwice(stage.names.map(({ from }) => from))
      if (twice !== undefined) return refuse(`"${twice}" is renamed twice`)
      for (const { from } of stage.names) findFeature(from, features, `${path}.names`, report)
      const renamed = new Map(stage.names.map(({ from, to }) => [from, to]))
      const result = features.map(({ name, type }) => ({ name: renamed.get(name) ?? name, type }))
      const clash = firstTwice(result.map(({ name }) => name))
      if (clash !== undefined) return refuse(`two features would be named "${clash}"`)
      return { kind: 'Project', sources: features.map(({ name }) => name), features: result }
    }
    case 'Derive': {
      const { feature } = stage
      const alike = features.find(({ name }) => name !== feature && name.toLowerCase() === feature.toLowerCase())
      if (alike !== undefined) return refuse(`"${feature}" and "${alike.name}" would differ by case only`)
      const expression = typeExpression(stage.expression, features, `${path}.expression`, report)
      if (expression === undefined) return undefined
      const derived = { name: feature, type: expression.type }
      const replaces = features.some(({ name }) => name === feature)
      return {
        kind: 'Derive',
        feature,
        expression,
        features: replaces ? features.map((old) => (old.name === feature ? derived : old)) : [...features, derived],
      }
    }
    case 'Filter': {
      const condition = typeExpression(stage.condition, features, `${path}.condition`, report)
      if (condition === undefined) return undefined
      const truth = fitted(condition, 'boolean')
      if (truth !== undefined) return { kind: 'Filter', condition: truth, features }
      report({
        code: 'unsuitable_feature',
        path: `${path}.condition`,
        message: `a condition is true or false, not of type ${condition.type}`,
      })
      return undefined
    }
    default:
      return stage satisfies never
  }
}

/** The first name that an earlier one equals, case aside: columns of a table are told apart regardless of case. */
function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name.toLowerCase()).size)
}
