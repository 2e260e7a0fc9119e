import { runServiceCommand } from '@flotta/client'
import { run } from './run.ts'

process.exitCode = await runServiceCommand(
  { name: 'flotta', description: 'A flotta node, client or standalone network, as its configuration says.', run },
  process.argv.slice(2),
)
