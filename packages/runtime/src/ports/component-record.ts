import type { ComponentId, ComponentKind, ComponentState, KeyDocument } from '@flotta/contract'

export interface ComponentRef {
  readonly id: ComponentId
  readonly name: string
}

export interface ComponentRecord {
  readonly id: ComponentId
  readonly kind: ComponentKind
  readonly name: string
  readonly key: KeyDocument
  /** Where a node is reached; null for others. */
  readonly url: string | null
  readonly state: ComponentState
  /** The node that it joined; null: this one. */
  readonly homeId: ComponentId | null
}
