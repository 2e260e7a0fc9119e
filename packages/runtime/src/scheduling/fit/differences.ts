import { commonType, type Issue, type TypingProblem } from '@flotta/contract'
import { groupBy } from './group-by.ts'
import type { FittedUse } from './site-fit.ts'

/** A feature that a plan computes with, at one site. */
export interface UseAtSite {
  readonly site: string
  readonly use: FittedUse
}

/**
 * What a plan computes with and is not the same at all sites: types beyond what can be reconciled (numbers with numbers, dates with
 * times), or units that their owners state and that differ.
 */
export function differences(uses: readonly UseAtSite[]): TypingProblem[] {
  return byFeature(uses).flatMap((same) => {
    const { name, path, numeric } = same[0]!.use
    const types = sitesBy(same, ({ type }) => type)
    const units = sitesBy(same, ({ unit }) => unit)
    const refuse = (what: string, where: ReadonlyMap<string, readonly string[]>): TypingProblem => ({
      code: 'unsuitable_feature',
      path,
      message: `"${name}" is not ${what} everywhere: ${listed(where)}`,
    })
    return [
      ...(numeric || commonType([...types.keys()]) !== undefined ? [] : [refuse('the same', types)]),
      ...(units.size > 1 ? [refuse('measured in the same unit', units)] : []),
    ]
  })
}

/**
 * What differs and does not keep a plan from working: types that are reconciled; categories, as their owners declare them; a unit that
 * some owners state and others do not.
 */
export function reconciled(uses: readonly UseAtSite[]): Issue[] {
  return byFeature(uses).flatMap((same) => {
    const { name, path } = same[0]!.use
    const types = sitesBy(same, ({ type }) => type)
    const units = sitesBy(same, ({ unit }) => unit ?? 'no stated unit')
    const levels = sitesBy(same, ({ levels }) => levels?.toSorted().join(', '))
    const note = (text: string, where: ReadonlyMap<string, readonly string[]>): Issue => ({
      path,
      message: `"${name}" ${text}: ${listed(where)}`,
    })
    const type = commonType([...types.keys()])
    return [
      ...(types.size > 1 && type !== undefined ? [note(`is taken as ${type}`, types)] : []),
      ...(units.size === 2 && units.has('no stated unit') ? [note('has a unit that not every owner states', units)] : []),
      ...(levels.size > 1 ? [note('has other categories from site to site', levels)] : []),
    ]
  })
}

function byFeature(uses: readonly UseAtSite[]): UseAtSite[][] {
  return groupBy(uses, ({ use }) => JSON.stringify([use.path, use.name]))
}

/** The sites by a value that they have; those without one are left out. */
function sitesBy<V extends string>(uses: readonly UseAtSite[], value: (use: FittedUse) => V | undefined): Map<V, string[]> {
  const sites = new Map<V, string[]>()
  for (const { site, use } of uses) {
    const own = value(use)
    if (own !== undefined) sites.set(own, [...(sites.get(own) ?? []), site])
  }
  return sites
}

function listed(where: ReadonlyMap<string, readonly string[]>): string {
  return [...where].map(([value, sites]) => `${value === 'null' ? 'no value' : value} at ${sites.join(', ')}`).join('; ')
}
