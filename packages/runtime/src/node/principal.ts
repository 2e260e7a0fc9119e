import type { ComponentId, KeyDocument, Role } from '@flotta/contract'

/** Who speaks: proved by the signature of the request. */
export interface Principal {
  readonly id: ComponentId
  readonly key: KeyDocument
  readonly role: Exclude<Role, 'anonymous'>
}
