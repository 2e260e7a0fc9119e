import {
  FlottaError,
  issuesText,
  type Query,
  type Scalar,
  supported,
  type Transformer,
  type TypedFeature,
  type TypedStage,
  type TypingProblem,
  typeQuery,
} from '@flotta/contract'
import { placed, quoteName, ROW } from '../sql-text.ts'
import { type Bind, compileExpression } from './compile-expression.ts'
import { Layers } from './layers.ts'

/** A query as one SELECT over the table `data`, without its projection: `SELECT … FROM ${source}`. */
export interface CompiledQuery {
  /** A parenthesised relation, or `data` itself; placeholders are `$1`, `$2`, … */
  readonly source: string
  /** The same with the place of each record in `data` beside it, as {@link ROW}; null where all records are selected. */
  readonly rowSource: string | null
  /** The features that are columns of `data` as they are, whatever they are called. */
  readonly origins: ReadonlyMap<string, string>
  readonly parameters: readonly Scalar[]
  /** What the relation offers, in order. */
  readonly columns: readonly TypedFeature[]
  /** The transformers that the query ends with, which are no SQL. */
  readonly transformers: readonly Transformer[]
}

/**
 * Compiles a query stage by stage. Nothing of the document becomes SQL text: names are looked up in the schema and quoted, values
 * are bound.
 *
 * @param beside columns of `data` that are no features, which the relation has too
 * @throws {FlottaError} `unknown_feature`, `unsuitable_feature`, `invalid_artifact`, `unsupported_operation`
 */
export function compileQuery(query: Query, schema: readonly TypedFeature[], beside: readonly string[] = []): CompiledQuery {
  const typed = typeQuery(query, schema)
  refuse(typed.problems)
  const unknown = typed.query.transformers.find(({ kind }) => !(supported.stages as readonly string[]).includes(kind))
  if (unknown) throw new FlottaError('unsupported_operation', `${unknown.kind} is not implemented in this version.`)
  const { stages } = typed.query
  const { source, parameters } = compileStages(stages, 'data', beside)
  const places = placed(
    'data',
    schema.map(({ name }) => name),
  )
  const filters = stages.some(({ kind }) => kind === 'Filter')
  return {
    source,
    rowSource: filters ? compileStages(stages, places, [ROW]).source : null,
    origins: stages.reduce(originsAfter, new Map(schema.map(({ name }) => [name, name]))),
    parameters,
    columns: typed.query.features,
    transformers: typed.query.transformers,
  }
}

function refuse(problems: readonly TypingProblem[]): void {
  const [first] = problems
  if (first !== undefined) throw new FlottaError(first.code, issuesText(problems), { issues: problems })
}

/** @param hidden columns of the source that every stage passes on */
function compileStages(stages: readonly TypedStage[], data: string, hidden: readonly string[]) {
  const parameters: Scalar[] = []
  const bind = (value: Scalar) => `$${parameters.push(value)}`
  const source = stages.reduce((inner, stage) => compileStage(stage, inner, bind, hidden.map(quoteName)), data)
  return { source, parameters }
}

function originsAfter(origins: ReadonlyMap<string, string>, stage: TypedStage): Map<string, string> {
  switch (stage.kind) {
    case 'Project':
      return new Map(
        stage.features.flatMap(({ name }, index): [string, string][] => {
          const origin = origins.get(stage.sources[index]!)
          return origin === undefined ? [] : [[name, origin]]
        }),
      )
    case 'Derive':
      return new Map([...origins].filter(([name]) => name !== stage.feature))
    case 'Filter':
      return new Map(origins)
    default:
      return stage satisfies never
  }
}

function compileStage(stage: TypedStage, source: string, bind: Bind, hidden: readonly string[]): string {
  const layers = new Layers()
  switch (stage.kind) {
    case 'Project': {
      const columns = stage.features.map(({ name }, index) => {
        const from = stage.sources[index]!
        return from === name ? quoteName(name) : `${quoteName(from)} AS ${quoteName(name)}`
      })
      return `(SELECT ${[...hidden, ...columns].join(', ')} FROM ${source})`
    }
    case 'Derive': {
      const { sql } = compileExpression(stage.expression, layers, bind)
      const columns = stage.features.map(({ name }) =>
        name === stage.feature ? `${sql} AS ${quoteName(name)}` : quoteName(name),
      )
      return `(SELECT ${[...hidden, ...columns].join(', ')} FROM ${layers.over(source)})`
    }
    case 'Filter': {
      const { sql } = compileExpression(stage.condition, layers, bind)
      const columns = stage.features.map(({ name }) => quoteName(name))
      return `(SELECT ${[...hidden, ...columns].join(', ')} FROM ${layers.over(source)} WHERE ${sql})`
    }
    default:
      return stage satisfies never
  }
}
