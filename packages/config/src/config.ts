import { resolve } from 'node:path'
import type { Values } from './key.ts'
import type { keys } from './keys.ts'
import type { Secret } from './secret.ts'

/** A configuration that is complete and free of contradictions; paths are absolute. */
export interface Config {
  readonly mode: 'node' | 'client' | 'standalone'
  readonly workdir: string
  readonly node: {
    readonly name: string
    readonly healthcheckS: number
    readonly heartbeatS: number
    readonly allowResourceDownload: boolean
    readonly interface: string
    readonly url: string
    readonly port: number
    readonly initialProjects: readonly { readonly name: string; readonly token: Secret }[]
  }
  readonly join: { readonly first: boolean; readonly url: string; readonly fingerprint: string | undefined }
  readonly datasources: readonly DatasourceConfig[]
  readonly database: DatabaseConfig
  readonly execution: { readonly workers: number; readonly memoryMb: number; readonly timeoutS: number }
  readonly policy: { readonly minimumRecords: number }
  readonly storage: { readonly maxResourceMb: number }
  readonly exchange: { readonly clockSkewS: number; readonly signingKeyFile: string | undefined }
  readonly limits: { readonly maxBodyBytes: number }
  readonly logging: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'; readonly format: 'pretty' | 'json' }
}

export interface DatasourceConfig {
  readonly name: string
  readonly type: 'csv' | 'tsv'
  readonly path: string
  readonly tokens: readonly Secret[]
}

export type DatabaseConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'postgresql'
      readonly host: string
      readonly port: number
      readonly username: string
      readonly password: Secret
      readonly database: string
      readonly schema: string
    }

/** The values of the file in the program's terms. @param folder what relative paths start from: the file's folder */
export function toConfig(values: Values<typeof keys>, folder: string): Config {
  const { mode, node, join, execution, policy, storage, exchange, limits, logging } = values
  const workdir = resolve(folder, values.workdir)
  return {
    mode,
    workdir,
    node: {
      name: node.name || (mode === 'client' ? 'flottaClient' : 'flottaNode'),
      healthcheckS: node.healthcheck,
      heartbeatS: node.heartbeat,
      allowResourceDownload: node.allow_resource_download,
      interface: node.interface || (mode === 'node' ? '0.0.0.0' : 'localhost'),
      url: node.url,
      port: node.port,
      initialProjects: node.token_projects_initial,
    },
    join: { first: mode !== 'client' && join.first, url: join.url, fingerprint: join.fingerprint },
    datasources: values.datasources.map(({ name, type, path, token }) => ({
      name,
      type,
      path: resolve(folder, path),
      tokens: token,
    })),
    database: toDatabase(values.database, workdir),
    execution: { workers: execution.workers, memoryMb: execution.memory_mb, timeoutS: execution.timeout },
    policy: { minimumRecords: policy.minimum_records },
    storage: { maxResourceMb: storage.max_resource_mb },
    exchange: {
      clockSkewS: exchange.clock_skew,
      signingKeyFile: exchange.signing_key_file === undefined ? undefined : resolve(folder, exchange.signing_key_file),
    },
    limits: { maxBodyBytes: limits.max_body_bytes },
    logging: { level: logging.level, format: logging.format },
  }
}

function toDatabase(values: Values<typeof keys>['database'], workdir: string): DatabaseConfig {
  const { memory, dialect, host, port, username, password, name, scheme } = values
  if (memory || (dialect === 'sqlite' && host === '')) return { kind: 'memory' }
  if (dialect === 'sqlite') return { kind: 'sqlite', file: resolve(workdir, host) }
  return { kind: 'postgresql', host, port, username, password, database: name, schema: scheme }
}
