import type { ComponentId, KeyDocument, NodeKey } from '@flotta/contract'
import type { BlobStorage } from '../ports/blob-storage.ts'
import type { Logger } from '../ports/logger.ts'
import type { Changes, Store } from '../ports/store.ts'
import type { ComponentDirectory } from './component-directory.ts'
import type { Presence } from './presence.ts'
import type { SelfCheck } from './self-check.ts'
import type { WakeUps } from './wake-ups.ts'

/** What the services of a node share. */
export interface NodeContext {
  readonly id: ComponentId
  readonly key: KeyDocument
  readonly name: string
  readonly mode: NodeKey['mode']
  readonly store: Store
  readonly blobs: BlobStorage
  readonly wakeUps: WakeUps
  readonly directory: ComponentDirectory
  readonly selfCheck: SelfCheck
  readonly presence: Presence
  readonly logger: Logger
  readonly heartbeatS: number
  readonly leaseMs: number
  readonly maxAttempts: number
  readonly maxResourceBytes: number
  readonly allowResourceDownload: boolean
  /** Aborts when the node stops taking work. */
  readonly stopping: AbortSignal
}

/** Wakes those whom a transition concerns: components with new work, and those who follow an artifact. */
export function announce({ wakeUps }: NodeContext, { readyFor, artifactIds }: Changes): void {
  wakeUps.wake([...readyFor, ...artifactIds])
}
