import { commonType, type TypingProblem } from '@flotta/contract'
import { groupBy } from './group-by.ts'
import type { FittedUse } from './site-fit.ts'

/**
 * What a plan computes with and is not the same at all sites: types beyond what can be reconciled (numbers with numbers, dates with
 * times), or units that their owners state and that differ.
 */
export function differences(uses: readonly { readonly site: string; readonly use: FittedUse }[]): TypingProblem[] {
  return groupBy(uses, ({ use }) => JSON.stringify([use.path, use.name])).flatMap((same) => {
    const { name, path, numeric } = same[0]!.use
    const types = valuesBySite(same, ({ type }) => type)
    const units = valuesBySite(same, ({ unit }) => unit)
    const refuse = (what: string, where: ReadonlyMap<string, readonly string[]>): TypingProblem => ({
      code: 'unsuitable_feature',
      path,
      message: `"${name}" is not ${what} everywhere: ${[...where].map(([value, sites]) => `${value} at ${sites.join(', ')}`).join('; ')}`,
    })
    return [
      ...(numeric || commonType([...types.keys()]) !== undefined ? [] : [refuse('the same', types)]),
      ...(units.size > 1 ? [refuse('measured in the same unit', units)] : []),
    ]
  })
}

/** The sites by a value that they have; those without one are left out. */
function valuesBySite<V extends string>(
  uses: readonly { readonly site: string; readonly use: FittedUse }[],
  value: (use: FittedUse) => V | undefined,
): Map<V, string[]> {
  const sites = new Map<V, string[]>()
  for (const { site, use } of uses) {
    const own = value(use)
    if (own !== undefined) sites.set(own, [...(sites.get(own) ?? []), site])
  }
  return sites
}
