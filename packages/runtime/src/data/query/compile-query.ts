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
import { quoteName } from '../sql-text.ts'
import { type Bind, compileExpression } from './compile-expression.ts'
import { Layers } from './layers.ts'

/** A query as one SELECT over the table `data`, without its projection: `SELECT … FROM ${source}`. */
export interface CompiledQuery {
  /** A parenthesised relation, or `data` itself; placeholders are `$1`, `$2`, … */
  readonly source: string
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
 * @throws {FlottaError} `unknown_feature`, `unsuitable_feature`, `invalid_artifact`, `unsupported_operation`
 */
export function compileQuery(query: Query, schema: readonly TypedFeature[]): CompiledQuery {
  const typed = typeQuery(query, schema)
  refuse(typed.problems)
  const unknown = typed.query.transformers.find(({ kind }) => !(supported.stages as readonly string[]).includes(kind))
  if (unknown) throw new FlottaError('unsupported_operation', `${unknown.kind} is not implemented in this version.`)
  const parameters: Scalar[] = []
  const bind = (value: Scalar) => `$${parameters.push(value)}`
  return {
    source: typed.query.stages.reduce((source, stage) => compileStage(stage, source, bind), 'data'),
    parameters,
    columns: typed.query.features,
    transformers: typed.query.transformers,
  }
}

function refuse(problems: readonly TypingProblem[]): void {
  const [first] = problems
  if (first !== undefined) throw new FlottaError(first.code, issuesText(problems), { issues: problems })
}

function compileStage(stage: TypedStage, source: string, bind: Bind): string {
  const layers = new Layers()
  switch (stage.kind) {
    case 'Project': {
      const columns = stage.features.map(({ name }, index) => {
        const from = stage.sources[index]!
        return from === name ? quoteName(name) : `${quoteName(from)} AS ${quoteName(name)}`
      })
      return `(SELECT ${columns.join(', ')} FROM ${source})`
    }
    case 'Derive': {
      const { sql } = compileExpression(stage.expression, layers, bind)
      const columns = stage.features.map(({ name }) =>
        name === stage.feature ? `${sql} AS ${quoteName(name)}` : quoteName(name),
      )
      return `(SELECT ${columns.join(', ')} FROM ${layers.over(source)})`
    }
    case 'Filter': {
      const { sql } = compileExpression(stage.condition, layers, bind)
      return `(SELECT ${stage.features.map(({ name }) => quoteName(name)).join(', ')} FROM ${layers.over(source)} WHERE ${sql})`
    }
    default:
      return stage satisfies never
  }
}
