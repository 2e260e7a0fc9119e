import { createHash } from 'node:crypto'
import { tokenId } from '@flotta/crypto'
import type { OfferedDatasource } from '../ports/offered-datasource.ts'
import type { ReleasePolicy } from '../ports/task-executor.ts'

/**
 * What the results of a data holder are made under, in short: its policy, and which tables it offers to whom. What was made before
 * the owner changed any of it is not delivered after.
 */
export function termsOf(policy: ReleasePolicy, datasources: readonly OfferedDatasource[]): string {
  const offers = datasources.map(({ name, tokens }) => [name, ...tokens().map(tokenId).sort()])
  return createHash('sha256').update(JSON.stringify({ policy, offers })).digest('hex')
}
