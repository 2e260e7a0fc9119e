import type { KeyValue } from '@flotta/algorithms'

/** One feature in each group, over the values that are there. */
export interface GroupedFeature {
  readonly name: string
  readonly counts: Float64Array
  /** Exact where a tally tells it, else compensated (Kahan 1965); 0 where there is no value, and of what is no number. */
  readonly sums: Float64Array
  /** The most that each sum is off by; 0 where it is exact. */
  readonly lost: Float64Array
}

/** The records of a table by their keys; a missing key is a group of its own. Groups are in no particular order. */
export interface Groups {
  /** Of each key its value in every group. */
  readonly keys: readonly (readonly KeyValue[])[]
  readonly records: Float64Array
  readonly features: readonly GroupedFeature[]
}

/** The groups of several tables as those of one: groups of the same keys become one. */
export function mergeGroups(parts: readonly Groups[]): Groups {
  const [first, ...others] = parts as readonly [Groups, ...Groups[]]
  if (others.length === 0) return first
  const places = new Map<string, number>()
  const keys = first.keys.map((): KeyValue[] => [])
  const placeOf = parts.map(({ keys: own, records }) =>
    Int32Array.from(records, (_, group) => {
      const values = own.map((key) => key[group]!)
      const id = JSON.stringify(values)
      const known = places.get(id) ?? places.size
      if (known === places.size) for (const [index, value] of values.entries()) keys[index]!.push(value)
      places.set(id, known)
      return known
    }),
  )
  const added = (figures: readonly Float64Array[]) => addAt(figures, placeOf, places.size)
  return {
    keys,
    records: added(parts.map(({ records }) => records)),
    features: first.features.map(({ name }, index) => ({
      name,
      counts: added(parts.map(({ features }) => features[index]!.counts)),
      sums: added(parts.map(({ features }) => features[index]!.sums)),
      lost: added(parts.map(({ features }) => features[index]!.lost)),
    })),
  }
}

function addAt(parts: readonly Float64Array[], placeOf: readonly Int32Array[], size: number): Float64Array {
  const total = new Float64Array(size)
  for (const [index, figures] of parts.entries())
    for (let group = 0; group < figures.length; group++) total[placeOf[index]![group]!]! += figures[group]!
  return total
}
