import { runProgram } from './cli/command-line.ts'
import { createServiceProgram } from './cli/service-program.ts'
import { addConfigCheck } from './commands/config-check.ts'
import { addDoctor } from './commands/doctor.ts'
import { addInit } from './commands/init.ts'
import { leaveThroughUrl, runClient } from './run-client.ts'

const program = createServiceProgram({
  name: 'flotta-client',
  description: "A data holder's client: it calls its node and asks for work; nobody can reach it.",
  mode: 'client',
  run: runClient,
  leave: leaveThroughUrl,
})
addConfigCheck(program, 'client')
addInit(program, 'client')
addDoctor(program, 'client')

process.exitCode = await runProgram(program, process.argv.slice(2))
