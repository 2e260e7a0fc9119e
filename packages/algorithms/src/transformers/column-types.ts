import { kindOf } from './kinds/catalogue.ts'
import type { ColumnType } from './kinds/kind.ts'
import type { Transformer } from './transformer.ts'

/** Why a transformer does not suit its columns, as far as their types tell. */
export interface ColumnTypeProblem {
  readonly feature: string
  /** Place of the transformer; null for a column that is left as text. */
  readonly place: number | null
  readonly reason: string
}

/**
 * Whether transformers suit columns of these types, and leave nothing but numbers; without looking at a value.
 *
 * Which columns an encoder makes is only known when it is fitted: a name that begins like one of them is let pass.
 */
export function columnTypeProblems(
  columns: ReadonlyMap<string, ColumnType>,
  transformers: readonly Transformer[],
): ColumnTypeProblem[] {
  const types = new Map(columns)
  const expanded: string[] = []
  const problems: ColumnTypeProblem[] = []
  for (const [place, transformer] of transformers.entries()) {
    const kind = kindOf(transformer)
    const accepted = kind.accepts(transformer)
    const named = transformer.features ?? [...types.keys()].filter((name) => accepted.includes(types.get(name) as ColumnType))
    for (const feature of named) {
      const type = types.get(feature)
      const isMade = expanded.some((name) => feature.startsWith(`${name}_`))
      if (type === undefined && isMade) continue
      if (type === undefined) problems.push({ feature, place, reason: `there is no column "${feature}" for ${transformer.kind}` })
      else if (!accepted.includes(type))
        problems.push({ feature, place, reason: `"${feature}" holds ${type}, which ${transformer.kind} can not work on` })
      for (const added of kind.adds?.(transformer, feature) ?? []) types.set(added, 'numbers')
      if (kind.expands(transformer)) {
        types.delete(feature)
        expanded.push(feature)
      } else if (transformer.kind !== 'FederatedSimpleImputer') types.set(feature, 'numbers')
    }
  }
  for (const [feature, type] of types) {
    if (type === 'texts')
      problems.push({ feature, place: null, reason: `"${feature}" holds texts: encode it, or leave it out of the selection` })
  }
  return problems
}
