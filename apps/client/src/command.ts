import { readFileSync } from 'node:fs'
import { type Config, loadConfig } from '@flotta/config'
import type { Logger } from '@flotta/runtime'
import { Command, CommanderError } from 'commander'
import { configOption, reportError, setOption } from './cli/command-line.ts'
import { exitCodes } from './exit-codes.ts'
import type { Running } from './holding.ts'
import { createLogger } from './logger.ts'

export interface ServiceCommand {
  readonly name: string
  readonly description: string
  /** The only mode that the command runs, where there is one. */
  readonly mode?: 'client'
  readonly run: (config: Config, logger: Logger) => Promise<Running> | Running
  /** Takes the component out of its network; absent for a service that is no component of its own. */
  readonly leave?: (config: Config, logger: Logger) => Promise<void>
}

interface ServiceOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly migrate?: boolean
  readonly leave?: boolean
}

/**
 * Runs a service from its command line until a signal ends it, and answers the exit code.
 *
 * The first SIGTERM or SIGINT drains: no new work, running jobs end, exit 0. A second one ends at once.
 */
export async function runServiceCommand(service: ServiceCommand, argv: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(service, argv)
    if (options === undefined) return exitCodes.ok
    const { config, notices } = loadConfig({
      env: process.env,
      flags: { ...options.set, ...(options.migrate === false ? { 'database.migrate': false } : {}) },
      ...(options.config === undefined ? {} : { file: options.config }),
      ...(service.mode === undefined ? {} : { mode: service.mode }),
    })
    const logger = createLogger(config.logging)
    for (const notice of notices) logger.info(notice)
    if (options.leave && service.leave !== undefined) {
      await service.leave(config, logger)
      return exitCodes.ok
    }
    const signalled = firstSignal()
    const running = await service.run(config, logger)
    const signal = await signalled
    logger.info(`${signal}: no new work is taken, running jobs may end`)
    await running.stop()
    logger.info('stopped')
    return exitCodes.ok
  } catch (error) {
    return reportError(service.name, error)
  }
}

function parseCommandLine({ name, description, leave }: ServiceCommand, argv: readonly string[]): ServiceOptions | undefined {
  const command = new Command(name)
    .description(description)
    .addOption(configOption())
    .addOption(setOption())
    .version(versionOf(), '-v, --version')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) })
    .showHelpAfterError(`Try: ${name} --help`)
  if (leave !== undefined) {
    command
      .option('--leave', 'leave the network and end, as the command leave does')
      .option('--no-migrate', 'leave the tables of the database as they are, and refuse them when they are behind')
  }
  try {
    return command.parse([...argv], { from: 'user' }).opts<ServiceOptions>()
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined
    throw error
  }
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let seen = false
    const onSignal = (signal: NodeJS.Signals) => {
      if (seen) process.exit(signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated)
      seen = true
      resolve(signal)
    }
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  })
}
