import { type Expression, isRelational, type Query } from '@flotta/contract'

/** The column of the table that a feature is at some place of a query; none where the query has derived it. */
export type ColumnOf = (feature: string) => string | undefined

/** Where the features come from that a query offers in the end; `visit` is told of each Filter with where those come from that it sees. */
export function columnsBehind(
  { stages }: Query,
  visit?: (condition: Expression, stage: number, columnOf: ColumnOf) => void,
): ColumnOf {
  let changed = new Map<string, string | undefined>()
  const columnOf: ColumnOf = (feature) => (changed.has(feature) ? changed.get(feature) : feature)
  for (const [place, stage] of stages.entries()) {
    if (!isRelational(stage)) break
    if (stage.kind === 'Derive') changed.set(stage.feature, undefined)
    else if (stage.kind === 'Filter') visit?.(stage.condition, place, columnOf)
    else if (stage.kind === 'Rename')
      changed = new Map([...changed, ...stage.names.map(({ from, to }): [string, string | undefined] => [to, columnOf(from)])])
  }
  return columnOf
}
