import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { ConfigError, type LoadConfigOptions, type LoadedConfig, loadConfig } from '../src/index.ts'

/** A folder with one file, `config.yaml`, that is gone after the tests of the file that asked for it. */
export function configFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-config-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function load(yaml: string, options: Partial<LoadConfigOptions> = {}): LoadedConfig {
    const file = join(folder, 'config.yaml')
    writeFileSync(file, yaml)
    return loadConfig({ file, env: {}, ...options })
  }

  /** The problems of a configuration that has some, line by line. */
  function problemsOf(yaml: string, options: Partial<LoadConfigOptions> = {}): string[] {
    try {
      load(yaml, options)
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n')
      throw error
    }
    throw new Error('the configuration was accepted')
  }
  return { folder, load, problemsOf }
}

/** The least that a client needs. */
export const client =
  'mode: client\njoin: { first: false, url: "http://node:1456" }\ndatasources: [{ name: a, path: a.csv, token: t }]\n'
