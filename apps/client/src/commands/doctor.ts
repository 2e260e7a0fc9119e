import { type Config, loadConfig } from '@flotta/config'
import type { Command } from 'commander'
import { configOption, formatOption, setOption } from '../cli/command-line.ts'
import { type Format, printItems } from '../cli/print.ts'
import { type Check, examine } from '../doctor/check.ts'
import { findingColumns } from '../doctor/finding-columns.ts'
import { datasourceChecks, diskCheck, keyCheck } from '../doctor/machine-checks.ts'

export interface DoctorOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly format: Format
}

/** `doctor`: what a component needs, check by check. @param more groups of checks that a kind of component has besides */
export function addDoctor(
  program: Command,
  mode?: Config['mode'],
  more: (config: Config, options: DoctorOptions) => Promise<Check[][]> = async () => [],
): void {
  program
    .command('doctor')
    .description('check what is needed, one by one: what is wrong, and what to do')
    .addOption(configOption())
    .addOption(setOption())
    .addOption(formatOption())
    .action(async (options: DoctorOptions) => {
      const { config: file, set, format } = options
      const { config } = loadConfig({
        env: process.env,
        flags: set,
        ...(file === undefined ? {} : { file }),
        ...(mode === undefined ? {} : { mode }),
      })
      const joins = config.join.url !== ''
      const { findings, exitCode } = await examine([
        [keyCheck(config)],
        [diskCheck(config)],
        ...datasourceChecks(config).map((check) => [check]),
        ...(joins ? [await wayToTheNode(config)] : []),
        ...(await more(config, options)),
      ])
      printItems(findings, findingColumns, format)
      process.exitCode = exitCode
    })
}

/** The transport is loaded by who needs it. */
async function wayToTheNode(config: Config): Promise<Check[]> {
  const { networkChecks } = await import('../doctor/network-checks.ts')
  return networkChecks(config)
}
