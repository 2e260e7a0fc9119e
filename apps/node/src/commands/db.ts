import { type Column, configOption, type Format, formatOption, printItems, say, setOption } from '@flotta/client/cli'
import { type Config, loadConfig } from '@flotta/config'
import { FlottaError } from '@flotta/contract'
import type { Command } from 'commander'
import { databaseOf } from '../database.ts'

interface DbOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly format: Format
}

interface MigrationItem {
  readonly migration: string
  readonly state: 'applied' | 'pending' | 'foreign'
}

const columns: readonly Column<MigrationItem>[] = [
  { head: 'migration', of: ({ migration }) => migration },
  { head: 'state', of: ({ state }) => state },
]

/** `db status` and `db migrate`: the tables of the configured database. */
export function addDb(program: Command): void {
  const db = program.command('db').description("the node's database")
  const add = (name: string, about: string, action: (config: Config, options: DbOptions) => Promise<void>) =>
    db
      .command(name)
      .description(about)
      .addOption(configOption())
      .addOption(setOption())
      .addOption(formatOption())
      .action((options: DbOptions) => action(configOf(options), options))
  add('status', 'which migrations it has, and which it lacks; nothing is changed', status)
  add('migrate', 'bring its tables up to date', async (config, options) => {
    requireLasting(config)
    const { openStore } = await import('@flotta/store')
    const store = await openStore({ database: databaseOf(config.database), migrate: true })
    await store[Symbol.asyncDispose]()
    await status(config, options)
  })
}

/** @throws {FlottaError} `version_mismatch` when it belongs to another version */
async function status(config: Config, { format }: DbOptions): Promise<void> {
  requireLasting(config)
  const { databaseStatus } = await import('@flotta/store')
  const { applied, pending, foreign } = await databaseStatus(databaseOf(config.database))
  const items = (names: readonly string[], state: MigrationItem['state']) => names.map((migration) => ({ migration, state }))
  printItems([...items(applied, 'applied'), ...items(foreign, 'foreign'), ...items(pending, 'pending')], columns, format)
  if (foreign.length > 0)
    throw new FlottaError('version_mismatch', 'The database was made by another version. Run that version, or restore a backup.')
  say(pending.length === 0 ? 'the database is up to date' : 'the database is behind: run flotta db migrate, or start the node')
}

function requireLasting({ database }: Config): void {
  if (database.kind === 'memory')
    throw new FlottaError(
      'not_found',
      'The configured database is in memory: it is made anew at each start (database.host is empty).',
    )
}

function configOf({ config, set }: DbOptions): Config {
  return loadConfig({ env: process.env, flags: set, ...(config === undefined ? {} : { file: config }) }).config
}
