import { type Format, printItem, say, write } from '@flotta/client/cli'
import { type ComponentId, routes } from '@flotta/contract'
import { createToken, tokenId, tokenVerifier } from '@flotta/crypto'
import type { Command } from 'commander'
import { idParam } from './list-and-show.ts'
import { nodeCommand } from './with-node.ts'

const orders = [
  ['approve', 'active', 'let in who waits or was blocked'],
  ['block', 'blocked', 'keep out: from now on it is refused as if nobody knew it'],
  ['remove', 'left', 'take out with its tables; it may join again'],
] as const

const DAY_S = 24 * 60 * 60

/** What an operator does with components of a kind: with clients, and with other nodes. */
export function addComponentOrders(clients: Command, kind: 'client' | 'node'): void {
  nodeCommand(clients, 'enrol', `let one ${kind} in, once, within a day: prints its enrolment token`, async (connection) => {
    const token = createToken('enrolment')
    const body = { kind, token: { tokenId: tokenId(token), tokenVerifier: tokenVerifier(token) }, lifeS: DAY_S }
    await connection.call(routes.admin.enrol, { body })
    say(`the token of one ${kind}, for its join.enrolment_token:`)
    write(`${token}\n`)
  })
  for (const [verb, state, about] of orders) {
    nodeCommand<{ readonly format: Format }>(clients, `${verb} <id>`, about, async (connection, [id = ''], { format }) => {
      const params = idParam(routes.admin.component, id) as { componentId: ComponentId }
      printItem(await connection.call(routes.admin.setComponentState, { params, body: { state } }), format)
    })
  }
}
