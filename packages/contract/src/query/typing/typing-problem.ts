import type { ErrorCode } from '../../errors/codes.ts'
import type { Issue } from '../../errors/problem.ts'
import { nearest } from '../../nearest.ts'
import type { TypedFeature } from '../feature-type.ts'

/** Why a query can not work over a schema, and where. */
export interface TypingProblem extends Issue {
  readonly code: Extract<ErrorCode, 'unknown_feature' | 'unsuitable_feature' | 'invalid_artifact'>
}

/** Takes the problems of a query as they are found. */
export type Report = (problem: TypingProblem) => void

/** The feature of this name; reports `unknown_feature`, with the name that is nearest to it, when there is none. */
export function findFeature(
  name: string,
  features: readonly TypedFeature[],
  path: string,
  report: Report,
): TypedFeature | undefined {
  const found = features.find((feature) => feature.name === name)
  if (found === undefined) report({ code: 'unknown_feature', path, message: unknownFeatureText(name, features) })
  return found
}

export function unknownFeatureText(name: string, features: readonly TypedFeature[]): string {
  const candidate = nearest(
    name,
    features.map((feature) => feature.name),
  )
  return `there is no feature "${name}"${candidate === undefined ? '' : `; did you mean "${candidate}"?`}`
}
