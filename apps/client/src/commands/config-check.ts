import { type Config, loadConfig, pathText, type ResolvedValue, Secret } from '@flotta/config'
import type { Command } from 'commander'
import { configOption, formatOption, setOption } from '../cli/command-line.ts'
import { type Column, type Format, printItems, say } from '../cli/print.ts'

interface CheckOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly resolved?: boolean
  readonly format: Format
}

/** A value in force as it is printed: a secret that is set shows as `***`. */
interface PrintedValue {
  readonly key: string
  readonly value: unknown
  readonly origin: string
  readonly source: string
}

const columns: readonly Column<PrintedValue>[] = [
  { head: 'key', of: ({ key }) => key },
  { head: 'value', of: ({ value }) => (value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)) },
  { head: 'source', of: ({ source }) => source },
]

/** `config check`: whether a configuration is complete and free of contradictions. @param mode the only mode that will do */
export function addConfigCheck(program: Command, mode?: Config['mode']): Command {
  const config = program.command('config').description('look at a configuration')
  config
    .command('check')
    .description('tell every problem of a configuration at once, with its line')
    .addOption(configOption())
    .addOption(setOption())
    .option('--resolved', 'print every value in force, and who set it; secrets show as ***')
    .addOption(formatOption())
    .action((options: CheckOptions) => {
      const file = options.config === undefined ? {} : { file: options.config }
      const loaded = loadConfig({ env: process.env, flags: options.set, ...file, ...(mode === undefined ? {} : { mode }) })
      if (options.resolved) printItems(loaded.resolved.map(printed), columns, options.format)
      for (const notice of loaded.notices) say(notice)
      say('the configuration is complete and free of contradictions')
    })
  return config
}

function printed({ path, value, origin, source }: ResolvedValue): PrintedValue {
  return { key: pathText(path), value: masked(value), origin, source }
}

function masked(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal() === '' ? null : '***'
  return Array.isArray(value) ? value.map(masked) : (value ?? null)
}
