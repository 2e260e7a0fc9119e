import { dirname, resolve } from 'node:path'
import { type Config, toConfig } from './config.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import { contradictions } from './contradictions.ts'
import { keys } from './keys.ts'
import type { Layers, Origin } from './layers.ts'
import { readLayers } from './read-layers.ts'
import { type Reading, readSection } from './read-section.ts'
import { readYamlFile, type YamlFile } from './yaml-file.ts'

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
  /** Who set each key, by its path. */
  readonly origins: ReadonlyMap<string, Origin>
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
  const reading: Reading = { layers, problems, origins: new Map() }
  refuseOtherMode(yaml, mode, problems)
  const values = readSection(keys, [], reading)
  if (problems.length === 0 || problems.every(({ path }) => path !== 'mode')) problems.push(...contradictions(values, layers))
  if (problems.length > 0) throw new ConfigError(problems)
  const config = deepFreeze(toConfig(values, file === undefined ? process.cwd() : dirname(resolve(file))))
  return { config, origins: reading.origins, notices: noticesOf(config, layers, file) }
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
