import {
  type Artifact,
  columnTypeOf,
  findFeature,
  hasNumbersAtMost,
  isNumericType,
  type TypedFeature,
  type TypingProblem,
  typeQuery,
} from '@flotta/contract'
import { columnsBehind } from './columns-behind.ts'
import { type DataOperation, dataOperations, type FeatureUse, featureUses } from './feature-uses.ts'
import { unfitFollows } from './follow-values.ts'
import { tooManyGroups } from './group-count.ts'
import { noValue } from './no-value.ts'
import type { PublishedFeature } from './published-feature.ts'
import { transformerTypeProblems } from './transformer-types.ts'
import { absentCategories, mistypedCategories, mistypedValues } from './value-problems.ts'

/** A feature that a plan computes with, as one table has it. */
export interface FittedUse extends FeatureUse {
  readonly type: TypedFeature['type']
  /** What its values are measured in, where its owner says so; of a feature that the query derives nobody does. */
  readonly unit: string | undefined
  /** Every category that it may have, where its owner declares them; of a feature that the query derives nobody does. */
  readonly levels: readonly string[] | undefined
}

/** How a plan fits one table. */
export interface SiteFit {
  readonly problems: readonly TypingProblem[]
  /** What the plan computes with, as far as the table has it. */
  readonly uses: readonly FittedUse[]
}

/** Whether a plan can work over a table of these features, and if not, why: the whole of it by the types alone. */
export function siteFit(artifact: Pick<Artifact, 'steps'>, features: readonly PublishedFeature[]): SiteFit {
  const schema = features.map(({ name, type }) => ({ name, type: columnTypeOf(type) }))
  const fits = dataOperations(artifact).map((operation) => operationFit(operation, schema, features))
  return { problems: fits.flatMap(({ problems }) => problems), uses: fits.flatMap(({ uses }) => uses) }
}

function operationFit(place: DataOperation, schema: readonly TypedFeature[], published: readonly PublishedFeature[]): SiteFit {
  const typed = typeQuery(place.operation.query, schema, `${place.path}.query`)
  const levels = new Map(published.flatMap((feature) => (feature.levels ? [[feature.name, feature.levels] as const] : [])))
  const problems = [
    ...typed.problems,
    ...transformerTypeProblems(place, typed.query.features),
    ...absentCategories(place, levels),
    ...mistypedValues(place, typed.query.features),
    ...mistypedCategories(place, typed.query.features),
    ...unfitFollows(place, typed.query.features, published),
    ...tooManyGroups(place, published),
  ]
  const columnOf = columnsBehind(place.operation.query)
  const uses = featureUses(place, typed.query.features).flatMap((use) => {
    const found = findFeature(use.name, typed.query.features, use.path, (problem) => problems.push(problem))
    if (found === undefined) return []
    if (use.numeric && !suits(found.type, place)) {
      problems.push({
        code: 'unsuitable_feature',
        path: use.path,
        message: `"${use.name}" ${found.type === 'null' ? noValue : `is of type ${found.type}, not numeric`}`,
      })
    }
    const column = published.find(({ name }) => name === columnOf(use.name))
    return [{ ...use, type: typeFor(place, found.type), unit: column?.unit, levels: column?.levels }]
  })
  return { problems, uses }
}

/** Whether a feature can be taken for numbers; what a model learns from is numbers or texts at each site, even where there are none. */
function suits(type: TypedFeature['type'], { operation }: DataOperation): boolean {
  return operation.kind === 'Estimate' ? hasNumbersAtMost(type) : isNumericType(type)
}

/** What a feature without values is taken as: of a statistic whatever it is elsewhere; for a model the site holds it as text. */
function typeFor({ operation }: DataOperation, type: TypedFeature['type']): TypedFeature['type'] {
  return type === 'null' && operation.kind !== 'Estimate' ? 'string' : type
}
