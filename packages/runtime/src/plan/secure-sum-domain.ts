import { type GroupTableDomain, groupTableCodec, type KeyValue, pairTableCodec, wordsOf } from '@flotta/algorithms'
import {
  type Estimator,
  FlottaError,
  type GroupKey,
  type Issue,
  keysByValue,
  type Levels,
  type SecureSum,
} from '@flotta/contract'
import { traitsOf } from './estimator-traits.ts'
import { groupTableRequest } from './group-table-request.ts'

/** Longest masked vector, in words of 64 bits: 16 MiB. */
const MAX_WORDS = 2 ** 21

/**
 * What sites add up of a table of groups: it follows from the plan alone, so that it is the same wherever it is made.
 *
 * @param estimator one that is computed from a table of groups
 */
export function groupTableDomain(estimator: Estimator, levels: Levels): GroupTableDomain {
  const { keys, columns } = groupTableRequest(estimator)
  return { levels: keys.map((key) => levelsOfKey(key, levels)), columns }
}

/** @throws {FlottaError} `invalid_artifact` when it does not follow from sums, or a value that keys may take is not agreed */
export function assertSummable(estimator: Estimator, levels: Levels): void {
  const [problem] = domainProblems(estimator, levels)
  if (problem !== undefined) throw new FlottaError('invalid_artifact', problem.message)
}

/** Why a step can't be summed under a mask, with the path of each problem. */
export function secureSumProblems({ operation: { estimator }, levels }: SecureSum, path: string): Issue[] {
  return domainProblems(estimator, levels).map(({ place, message }) => ({ path: `${path}.${place}`, message }))
}

interface DomainProblem {
  readonly place: string
  readonly message: string
}

function domainProblems(estimator: Estimator, levels: Levels): DomainProblem[] {
  const unsuited = traitsOf(estimator).notAdditive(estimator)
  if (unsuited !== undefined) {
    const message = `${unsuited} does not follow from sums over values that are agreed before; it is computed without the route secure-sum`
    return [{ place: 'operation.estimator', message }]
  }
  const problems = levelProblems(estimator, levels)
  if (problems.length > 0) return problems
  const words = wordsOfSum(estimator, levels)
  if (words <= MAX_WORDS) return []
  return [
    { place: 'levels', message: `the sum has up to ${words} words of 64 bits; at most ${MAX_WORDS} are added up under a mask` },
  ]
}

function levelProblems(estimator: Estimator, levels: Levels): DomainProblem[] {
  const keys = keysByValue(estimator)
  const given = levels.map(({ feature }) => feature)
  const missing = keys.filter((key) => !given.includes(key))
  return [
    ...missing.map((key) => ({
      place: 'levels',
      message: `which values "${key}" may take is agreed before a secure sum: name them in levels`,
    })),
    ...levels.flatMap(({ feature, values }, place) => {
      const issue = (message: string) => [{ place: `levels[${place}]`, message }]
      if (!keys.includes(feature)) return issue(`"${feature}" is no key by its values`)
      if (given.indexOf(feature) !== place) return issue(`"${feature}" is there twice`)
      return new Set(values).size === values.length ? [] : issue(`a value of "${feature}" is there twice`)
    }),
  ]
}

/** Found without making the domain, which may be too large. */
function wordsOfSum(estimator: Estimator, levels: Levels): number {
  if (estimator.kind === 'Covariance' || estimator.kind === 'Correlation')
    return wordsOf(pairTableCodec(1).fields) * ((estimator.features.length * (estimator.features.length + 1)) / 2)
  const { keys, columns } = groupTableRequest(estimator)
  const cells = keys.reduce((product, key) => product * levelsOfKey(key, levels).length, 1)
  return cells * wordsOf(groupTableCodec({ levels: [], columns }).fields)
}

/** Everything that a key can be, what is missing last. */
function levelsOfKey(key: GroupKey, levels: Levels): KeyValue[] {
  if ('equals' in key) return [false, true, null]
  if ('edges' in key) return [...key.edges.slice(1).keys(), 'outside', null]
  const agreed = levels.find(({ feature }) => feature === key.feature)?.values ?? []
  return [...agreed, null]
}
