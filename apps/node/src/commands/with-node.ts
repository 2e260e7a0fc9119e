import { configOption, formatOption, setOption } from '@flotta/client/cli'
import type { NodeConnection } from '@flotta/client-sdk/transport'
import type { Command } from 'commander'
import { addNodeOptions, type NodeOptions } from './node-options.ts'

/** A command that speaks to a running node: its options, and the connection that its action gets. */
export function nodeCommand<Options extends object>(
  parent: Command,
  usage: string,
  description: string,
  action: (connection: NodeConnection, args: readonly string[], options: Options & NodeOptions) => Promise<void>,
): Command {
  const command = parent.command(usage).description(description).addOption(configOption()).addOption(setOption())
  return addNodeOptions(command)
    .addOption(formatOption())
    .action(async (...given: unknown[]) => {
      const options = command.opts<Options & NodeOptions>()
      const args = given.slice(0, -2) as string[]
      const { connectAsOperator } = await import('./operator-connection.ts')
      const { connection, close } = await connectAsOperator(options)
      try {
        await action(connection, args, options)
      } finally {
        await close()
      }
    })
}
