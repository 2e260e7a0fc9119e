import type { Outbound } from '@flotta/client-sdk/transport'
import { type ComponentId, type KeyDocument, type NodeKey, toError } from '@flotta/contract'
import type { Identity } from '@flotta/crypto'
import type { SelfCheck } from '../health/self-check.ts'
import type { BlobStorage } from '../ports/blob-storage.ts'
import type { Logger } from '../ports/logger.ts'
import { networkKey } from '../ports/replicas.ts'
import type { Changes, Store } from '../ports/store.ts'
import type { Admission } from './admission-mode.ts'
import type { ComponentDirectory } from './component-directory.ts'
import type { NodeList } from './network/node-list.ts'
import type { Relay } from './network/relay.ts'
import type { Presence } from './presence.ts'
import type { Questions } from './questions.ts'
import { laterWord } from './replica-words.ts'
import type { WakeUps } from './wake-ups.ts'

/** What the services of a node share. */
export interface NodeContext {
  readonly id: ComponentId
  readonly key: KeyDocument
  readonly name: string
  readonly mode: NodeKey['mode']
  readonly identity: Identity
  /** How this node calls others. */
  readonly outbound: Outbound
  readonly relay: Relay
  /** The other nodes. */
  readonly nodes: NodeList
  readonly admission: Admission
  readonly directory: ComponentDirectory
  readonly store: Store
  readonly blobs: BlobStorage
  readonly wakeUps: WakeUps
  readonly selfCheck: SelfCheck
  readonly presence: Presence
  readonly questions: Questions
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

/** Wakes those who wait here or at another process of this node, for what is no transition of the store. */
export function wakeEverywhere(context: NodeContext, keys: readonly string[]): void {
  context.wakeUps.wake(keys)
  tellReplicas(context, keys)
}

/** Wakes a component after a time. Each process of this node keeps the time: the one that does it now may be gone by then. */
export function wakeLater(context: NodeContext, id: ComponentId, delayMs: number): void {
  context.wakeUps.wakeAfter(id, delayMs)
  tellReplicas(context, [laterWord(id, delayMs)])
}

/** Says words to the other processes of this node; who can't be reached looks by himself sooner or later. */
export function tellReplicas({ store, logger }: NodeContext, words: readonly string[]): void {
  store.replicas?.tell(words).catch((error: unknown) => {
    logger.debug(`the other processes of this node could not be told: ${toError(error).message}`)
  })
}

/** Wakes those who follow the network: other nodes, and this node's own parts. */
export function announceNetwork({ wakeUps }: NodeContext): void {
  wakeUps.wake([networkKey])
}
