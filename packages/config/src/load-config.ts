import { dirname, resolve } from 'node:path'
import type { Config } from './config/config.ts'
import { toConfig } from './config/to-config.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import { keys } from './keys/index.ts'
import type { Layers } from './layers/layers.ts'
import { readLayers } from './layers/read-layers.ts'
import { readYamlFile, type YamlFile } from './layers/yaml-file.ts'
import { type Reading, type ResolvedValue, readSection } from './reading/read-section.ts'
import { contradictions } from './rules/contradictions.ts'

export interface LoadConfigOptions {
  /** Without a file the environment, flags and defaults decide. */
  readonly file?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values by their dotted path, such as `node.port`. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** The only mode that the caller runs, where there is one. */
  readonly mode?: Config['mode']
}

export interface LoadedConfig {
  readonly config: Config
  /** Every value in force, in the order of the interface, and who set it. */
  readonly resolved: readonly ResolvedValue[]
  /** What the operator may want to know and need not mend. */
  readonly notices: readonly string[]
}

/**
 * Reads a configuration: a flag before the environment before the file before the default.
 *
 * @throws {ConfigError} with every problem at once
 */
export function loadConfig({ file, env, flags = {}, mode }: LoadConfigOptions): LoadedConfig {
  const problems: ConfigProblem[] = []
  const yaml = file === undefined ? undefined : readYamlFile(file)
  const layers = readLayers({ file: yaml, env, flags: mode === undefined ? flags : { mode, ...flags } }, keys, problems)
  const reading: Reading = { layers, problems, resolved: [] }
  refuseOtherMode(yaml, mode, problems)
  const values = readSection(keys, [], reading)
  if (problems.every(({ path }) => path !== 'mode')) {
    problems.push(...contradictionsBeyond(problems, contradictions(values, layers)))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const opensPort = layers.has(['node', 'port']) || layers.has(['node', 'interface'])
  const config = deepFreeze(toConfig(values, file === undefined ? process.cwd() : dirname(resolve(file)), opensPort))
  return { config, resolved: reading.resolved, notices: noticesOf(config, layers, file) }
}

/** A key that is wrong by itself is told once. */
function contradictionsBeyond(problems: readonly ConfigProblem[], found: readonly ConfigProblem[]): ConfigProblem[] {
  return found.filter(({ path }) => problems.every((problem) => problem.path !== path))
}

/** A command that runs one mode refuses a file that names another. */
function refuseOtherMode(file: YamlFile | undefined, mode: Config['mode'] | undefined, problems: ConfigProblem[]): void {
  const named = (file?.value as { mode?: unknown } | null | undefined)?.mode
  if (file === undefined || mode === undefined || named === undefined || named === mode) return
  problems.push({
    source: file.sourceOf(['mode']),
    path: 'mode',
    found: JSON.stringify(named),
    expected: `expected ${mode}: use the command flotta for other modes`,
  })
}

function noticesOf(config: Config, layers: Layers, file: string | undefined): string[] {
  const notices: string[] = []
  if (file === undefined) notices.push('no configuration file was given: defaults and the environment decide')
  if (config.mode === 'client' && layers.childrenOf(['database']).length > 0)
    notices.push('the section database is unused: a client needs no database')
  return notices
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
