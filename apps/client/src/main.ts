import { runProgram } from './cli/command-line.ts'
import { createServiceProgram } from './cli/service-program.ts'
import { clientHealthChecks } from './commands/client-health-checks.ts'
import { addConfigCheck } from './commands/config-check.ts'
import { addDoctor } from './commands/doctor.ts'
import { addHealth } from './commands/health.ts'
import { addInit } from './commands/init.ts'

const program = createServiceProgram({
  name: 'flotta-client',
  description: "A data holder's client: it calls its node and asks for work; nobody can reach it.",
  mode: 'client',
  run: async (...given) => (await import('./run-client.ts')).runClient(...given),
  leave: async (...given) => (await import('./run-client.ts')).leaveThroughUrl(...given),
})
addConfigCheck(program, 'client')
addInit(program, 'client')
addDoctor(program, 'client')
addHealth(program, 'client', clientHealthChecks)

process.exitCode = await runProgram(program, process.argv.slice(2))
