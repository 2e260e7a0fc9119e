/**
 * What the command lines of the apps are made of. It loads neither the engine nor the transport: a command that needs them loads them
 * when it runs, so that `--help` and `health` are quick.
 */
export { runServiceCommand, type ServiceCommand } from '../command.ts'
export { clientHealthChecks } from '../commands/client-health-checks.ts'
export { addConfigCheck } from '../commands/config-check.ts'
export { addDoctor, type DoctorOptions } from '../commands/doctor.ts'
export { addHealth } from '../commands/health.ts'
export { addInit } from '../commands/init.ts'
export type { Check } from '../doctor/check.ts'
export { exitCodeOf, exitCodes } from '../exit-codes.ts'
export { createLogger, type LoggerOptions } from '../logger.ts'
export { configOption, formatOption, reportError, runProgram, setOption } from './command-line.ts'
export { type Column, type Format, printItem, printItems, say, write } from './print.ts'
export { createServiceProgram } from './service-program.ts'
