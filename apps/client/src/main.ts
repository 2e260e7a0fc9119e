import { runServiceCommand } from './command.ts'
import { runClient } from './run-client.ts'

process.exitCode = await runServiceCommand(
  {
    name: 'flotta-client',
    description: "A data holder's client: it calls its node and asks for work; nobody can reach it.",
    mode: 'client',
    run: runClient,
  },
  process.argv.slice(2),
)
