import { existsSync } from 'node:fs'
import { type Check, exitCodes } from '@flotta/client/cli'
import type { Config } from '@flotta/config'
import { FlottaError, routes } from '@flotta/contract'
import { fingerprint, readIdentity } from '@flotta/crypto'
import { databaseStatus } from '@flotta/store'
import { databaseOf } from '../database.ts'
import { storageOf } from '../storage.ts'
import type { NodeOptions } from './node-options.ts'
import { connectAsOperator, operatorKeyFile } from './operator-connection.ts'

/** What a node needs besides: its database, the bucket of its resources, its operator's key, and, where it runs, that it is well. */
export function nodeChecks(config: Config, options: NodeOptions): Check[][] {
  if (config.mode === 'client') return []
  const keyFile = operatorKeyFile(config)
  const first = existsSync(keyFile) ? undefined : 'there is none yet: it is made at the first start'
  return [
    [
      {
        name: 'database',
        exitCode: exitCodes.unavailable,
        skip: config.database.kind === 'memory' ? 'it is in memory' : undefined,
        run: async () => {
          const { applied, pending, foreign } = await databaseStatus(databaseOf(config.database))
          if (foreign.length > 0)
            throw new FlottaError('version_mismatch', `Another version made it (${foreign.join(', ')}): run that version.`)
          return pending.length === 0 ? `${applied.length} migrations, up to date` : `${pending.length} migrations are to come`
        },
      },
    ],
    [
      {
        name: 'bucket',
        exitCode: exitCodes.unavailable,
        skip: config.storage.kind === 'file' ? 'resources are in a folder' : undefined,
        run: async () => (await storageOf(config)).check(),
      },
    ],
    [
      {
        name: "operator's key",
        exitCode: exitCodes.configuration,
        skip: first,
        run: () => `its fingerprint is ${fingerprint(readIdentity(keyFile).document)}`,
      },
      {
        name: 'running node',
        exitCode: exitCodes.unavailable,
        skip: first,
        run: async () => {
          const { connection, close } = await connectAsOperator(options)
          try {
            const { name, version, checks } = await connection.call(routes.admin.status, {})
            const bad = checks.filter(({ ok }) => !ok)
            if (bad.length > 0) throw new Error(bad.map((check) => `${check.name}: ${check.detail}`).join('; '))
            return `${name} ${version} is well: ${checks.map((check) => `${check.name} (${check.detail})`).join(', ')}`
          } finally {
            await close()
          }
        },
      },
    ],
  ]
}
