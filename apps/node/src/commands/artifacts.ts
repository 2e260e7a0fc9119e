import { type Format, printItem } from '@flotta/client/cli'
import { type ArtifactId, routes } from '@flotta/contract'
import type { Command } from 'commander'
import { idParam } from './list-and-show.ts'
import { nodeCommand } from './with-node.ts'

/** What an operator does with an artifact. */
export function addArtifactOrders(artifacts: Command): void {
  nodeCommand<{ readonly format: Format }>(
    artifacts,
    'cancel <id>',
    'end it; what has ended stays as it is',
    async (connection, [id = ''], { format }) => {
      const params = idParam(routes.admin.artifact, id) as { artifactId: ArtifactId }
      printItem(await connection.call(routes.admin.cancelArtifact, { params, body: {} }), format)
    },
  )
}
