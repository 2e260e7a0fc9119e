import { type Config, loadConfig } from '@flotta/config'
import type { Command } from 'commander'
import { configOption, formatOption, setOption } from '../cli/command-line.ts'
import { type Format, printItems } from '../cli/print.ts'
import { type Check, examine } from '../doctor/check.ts'
import { findingColumns } from '../doctor/finding-columns.ts'

interface HealthOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly ready?: boolean
  readonly format: Format
}

/**
 * `health`: whether the component of a configuration runs on this machine, for who watches over it.
 *
 * @param mode the only mode that will do
 * @param checks what to look at: that the process lives and, where readiness is asked for, that all that it needs is well
 */
export function addHealth(
  program: Command,
  mode: Config['mode'] | undefined,
  checks: (config: Config, ready: boolean) => Check[],
): void {
  program
    .command('health')
    .description('tell whether the component of this configuration runs here: exit code 0, or 7')
    .addOption(configOption())
    .addOption(setOption())
    .option('--ready', 'ask whether it works too: a client with its node and its tables, a node with its database')
    .addOption(formatOption())
    .action(async ({ config: file, set, ready = false, format }: HealthOptions) => {
      const { config } = loadConfig({
        env: process.env,
        flags: set,
        ...(file === undefined ? {} : { file }),
        ...(mode === undefined ? {} : { mode }),
      })
      const [process_, ...needs] = checks(config, ready)
      const { findings, exitCode } = await examine([[process_!], ...needs.map((check) => [check])])
      printItems(findings, findingColumns, format)
      process.exitCode = exitCode
    })
}
