import { FlottaError } from '@flotta/contract'
import type { ReleasePolicy } from '../ports/task-executor.ts'

/**
 * The data holder's last word: nothing leaves that rests on fewer records than the policy says. The refusal is the same for none
 * and for some, so it does not tell them apart.
 *
 * @throws {FlottaError} `disclosure_refused`
 */
export function requireEnoughRecords(records: number, { minimumRecords }: ReleasePolicy): void {
  if (records < minimumRecords) throw new FlottaError('disclosure_refused')
}
