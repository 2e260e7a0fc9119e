import type { Estimator } from '@flotta/contract'
import { traitsOf } from '../../plan/estimator-traits.ts'
import { comomentsFamily } from './comoments-family.ts'
import type { Family, OfSites } from './family.ts'
import { groupTableFamily } from './group-table-family.ts'
import { survivalFamily } from './survival-family.ts'

/** What a family does, whatever its state is. */
export function withFamily<Result>(estimator: Estimator, use: <State extends OfSites>(family: Family<State>) => Result): Result {
  const { summary } = traitsOf(estimator)
  switch (summary) {
    case 'groups':
      return use(groupTableFamily)
    case 'pairs':
      return use(comomentsFamily)
    case 'survival':
      return use(survivalFamily)
    default:
      return summary satisfies never
  }
}
