import { readFileSync } from 'node:fs'
import { ConfigError } from '@flotta/config'
import { toError } from '@flotta/contract'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { exitCodeOf } from '../exit-codes.ts'
import { type Format, formats, say } from './print.ts'

/** A program whose commands answer by exit code: help goes to standard output, everything that is wrong to standard error. */
export function createProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(versionOf(), '-v, --version')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) })
    .showHelpAfterError(`Try: ${name} --help`)
    .enablePositionalOptions()
}

/** Runs the command that a command line names, and answers the exit code: `failed` where the command set one. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  try {
    process.exitCode = 0
    await program.parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return reportError(program.name(), error)
  }
}

/** Says what went wrong, and answers the exit code for it. */
export function reportError(name: string, error: unknown): number {
  if (error instanceof ConfigError) {
    const count = error.problems.length === 1 ? 'a problem' : `${error.problems.length} problems`
    say(`${name}: the configuration has ${count}\n${error.message}`)
  } else if (!(error instanceof CommanderError)) say(`${name}: ${toError(error).message}`)
  return exitCodeOf(error)
}

export function configOption(): Option {
  return new Option('-c, --config <file>', 'configuration file (YAML); every key can also be set as FLOTTA_… in the environment')
}

/** Keys of the configuration by their path, before the environment and the file. */
export function setOption(): Option {
  return new Option('-s, --set <key=value>', 'set a key of the configuration, as node.port=1457; may be repeated')
    .argParser((text: string, sofar: Record<string, string> = {}) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (key === undefined || value === undefined) throw new InvalidArgumentError('Expected key=value, as node.port=1457.')
      return { ...sofar, [key]: value }
    })
    .default({}, 'none')
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how data is written').choices([...formats]).default('table' satisfies Format)
}

function versionOf(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
