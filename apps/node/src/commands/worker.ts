import { runServiceCommand } from '@flotta/client/cli'
import type { Command } from 'commander'

/** `worker`: does the jobs of a node on another machine, by the node's own configuration. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description("do a node's own jobs on another machine, by its configuration with execution.engine bullmq")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      const service = {
        name: 'flotta worker',
        description: "A worker of a node: takes its jobs from the queue, with the node's keys and resources.",
        run: async (...given: Parameters<typeof import('../run-worker.ts')['runWorker']>) =>
          (await import('../run-worker.ts')).runWorker(...given),
      }
      process.exitCode = await runServiceCommand(service, command.args)
    })
}
