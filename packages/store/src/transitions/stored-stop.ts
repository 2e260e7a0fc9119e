import type { ComponentId, Criterion, ResourceId } from '@flotta/contract'
import type { PlannedJob } from '@flotta/runtime/ports'
import { fromText, toText } from '../json.ts'
import type { Distinct } from './distinct.ts'

/** What becomes of a job when the rounds end with it, as its row holds it. */
export interface StoredStop {
  readonly criterion: Criterion
  readonly previous: ResourceId
  readonly feeds: number | null
  readonly audienceIndex: number
  readonly released: boolean
  readonly skipFrom: number
  readonly skipTo: number
}

export function stopText(until: PlannedJob['until'], audiences: Distinct<readonly ComponentId[]>): string | null {
  if (until === undefined) return null
  const { feeds, recipientIds, ...rest } = until
  const stored: StoredStop = { ...rest, feeds: feeds ?? null, audienceIndex: audiences.indexOf(recipientIds) }
  return toText(stored)
}

export function storedStop(text: string | null): StoredStop | undefined {
  return text === null ? undefined : fromText<StoredStop>(text)
}
