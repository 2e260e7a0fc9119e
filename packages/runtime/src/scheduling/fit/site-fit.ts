import {
  type Artifact,
  columnTypeOf,
  type Feature,
  findFeature,
  isNumericType,
  type TypedFeature,
  type TypingProblem,
  typeQuery,
} from '@flotta/contract'
import { type DataOperation, dataOperations, type FeatureUse, featureUses } from './feature-uses.ts'
import { transformerTypeProblems } from './transformer-types.ts'

/** A feature that a plan computes with, as one table has it. */
export interface FittedUse extends FeatureUse {
  readonly type: TypedFeature['type']
  /** What its values are measured in, where its owner says so; of a feature that the query derives nobody does. */
  readonly unit: string | undefined
}

/** What of a published feature a plan can be checked by. */
export type PublishedFeature = Pick<Feature, 'name' | 'type'> & { readonly unit?: string | undefined }

/** How a plan fits one table. */
export interface SiteFit {
  readonly problems: readonly TypingProblem[]
  /** What the plan computes with, as far as the table has it. */
  readonly uses: readonly FittedUse[]
}

/** Whether a plan can work over a table of these features, and if not, why: the whole of it by the types alone. */
export function siteFit(artifact: Pick<Artifact, 'steps'>, features: readonly PublishedFeature[]): SiteFit {
  const schema = features.map(({ name, type }) => ({ name, type: columnTypeOf(type) }))
  const units = new Map(features.map(({ name, unit }) => [name, unit]))
  const fits = dataOperations(artifact).map((operation) => operationFit(operation, schema, units))
  return { problems: fits.flatMap(({ problems }) => problems), uses: fits.flatMap(({ uses }) => uses) }
}

function operationFit(
  place: DataOperation,
  features: readonly TypedFeature[],
  units: ReadonlyMap<string, string | undefined>,
): SiteFit {
  const typed = typeQuery(place.operation.query, features, `${place.path}.query`)
  const problems = [...typed.problems, ...transformerTypeProblems(place, typed.query.features)]
  const uses = featureUses(place, typed.query.features).flatMap((use) => {
    const found = findFeature(use.name, typed.query.features, use.path, (problem) => problems.push(problem))
    if (found === undefined) return []
    if (use.numeric && !isNumericType(found.type)) {
      problems.push({
        code: 'unsuitable_feature',
        path: use.path,
        message: `"${use.name}" is of type ${found.type}, not numeric`,
      })
    }
    return [{ ...use, type: found.type, unit: units.get(use.name) }]
  })
  return { problems, uses }
}
