import { type FederatedSplitter, FlottaError, type Query, type Scalar, type Stage } from '@flotta/contract'
import { compileCondition, findColumn } from './compile-condition.ts'
import type { Column } from './feature-type.ts'
import { quoteName } from './sql-text.ts'

/** A query as one SELECT over the table `data`, without its projection: `SELECT … FROM ${source}`. */
export interface CompiledQuery {
  /** A parenthesised relation, or `data` itself; placeholders are `$1`, `$2`, … */
  readonly source: string
  readonly parameters: readonly Scalar[]
  /** What the relation offers, in order. */
  readonly columns: readonly Column[]
  /** The splitter that the query ends with, which is no SQL. */
  readonly splitter: FederatedSplitter | undefined
}

/**
 * Compiles a query stage by stage. Nothing of the document becomes SQL text: names are looked up in the schema and quoted, values
 * are bound.
 *
 * @throws {FlottaError} `unknown_feature`, `unsuitable_feature`, `unsupported_operation`
 */
export function compileQuery(query: Query, schema: readonly Column[]): CompiledQuery {
  const parameters: Scalar[] = []
  const bind = (value: Scalar) => `$${parameters.push(value)}`
  let source = 'data'
  let columns = schema
  for (const stage of query.stages) {
    switch (stage.kind) {
      case 'Select':
        columns = stage.features.map((name) => findColumn(name, columns))
        source = `(SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM ${source})`
        break
      case 'Filter':
        source = `(SELECT * FROM ${source} WHERE ${compileCondition(stage.condition, columns, bind)})`
        break
      case 'FederatedSplitter':
        break
      default:
        throw new FlottaError('unsupported_operation', `${stage.kind} is not implemented in this version.`)
    }
  }
  return { source, parameters, columns, splitter: splitterOf(query.stages) }
}

function splitterOf(stages: readonly Stage[]): FederatedSplitter | undefined {
  const splitters = stages.filter((stage) => stage.kind === 'FederatedSplitter')
  if (splitters.length > 1) throw new FlottaError('invalid_artifact', 'A query has one splitter at the most.')
  return splitters[0]
}
