import type { Command } from 'commander'
import { runServiceCommand, type ServiceCommand } from '../command.ts'
import { createProgram } from './command-line.ts'

/** A program that runs a service where its command line names no other command. */
export function createServiceProgram(service: ServiceCommand): Command {
  const { name, description } = service
  const program = createProgram(name, description)
  program.addHelpText(
    'after',
    `\nWithout a command the service runs: ${name} [-c, --config <file>] [-s, --set <key=value>]… [--no-migrate]`,
  )
  program
    .command('run', { isDefault: true })
    .description('run the service, also where no command is named')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      process.exitCode = await runServiceCommand(service, command.args)
    })
  program
    .command('leave')
    .description('take this component out of its network; started again, it comes back as the one it was')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      process.exitCode = await runServiceCommand(service, ['--leave', ...command.args])
    })
  return program
}
