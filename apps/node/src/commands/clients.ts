import { type Format, printItem } from '@flotta/client'
import { type ComponentId, routes } from '@flotta/contract'
import type { Command } from 'commander'
import { idParam } from './list-and-show.ts'
import { nodeCommand } from './with-node.ts'

const orders = [
  ['approve', 'active', 'let in who waits or was blocked'],
  ['block', 'blocked', 'keep out: from now on it is refused as if nobody knew it'],
  ['remove', 'left', 'take out with its tables; it may join again'],
] as const

/** What an operator does with a client. */
export function addClientOrders(clients: Command): void {
  for (const [verb, state, about] of orders) {
    nodeCommand<{ readonly format: Format }>(clients, `${verb} <id>`, about, async (connection, [id = ''], { format }) => {
      const params = idParam(routes.admin.component, id) as { componentId: ComponentId }
      printItem(await connection.call(routes.admin.setComponentState, { params, body: { state } }), format)
    })
  }
}
