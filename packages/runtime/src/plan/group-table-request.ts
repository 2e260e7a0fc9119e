import { type Estimator, FlottaError, type GroupKey, groupKeysOf } from '@flotta/contract'
import { type RequestedColumn, traitsOf } from './estimator-traits.ts'

export interface GroupTableRequest {
  readonly keys: readonly GroupKey[]
  readonly columns: readonly RequestedColumn[]
}

/**
 * The table of groups that an estimator is computed from.
 *
 * @throws {FlottaError} `invalid_artifact` when it is computed from something else
 */
export function groupTableRequest(estimator: Estimator): GroupTableRequest {
  const { summary, columns } = traitsOf(estimator)
  if (summary !== 'groups') throw new FlottaError('invalid_artifact', `${estimator.kind} is not computed from a table of groups.`)
  return { keys: groupKeysOf(estimator), columns: columns(estimator) }
}
