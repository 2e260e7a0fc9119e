import type { Identity } from '@flotta/crypto'
import type { NodeConnection } from './transport/node-connection.ts'

/** What project and run need of their workbench. */
export interface ProjectContext {
  readonly connection: NodeConnection
  readonly identity: Identity
}
