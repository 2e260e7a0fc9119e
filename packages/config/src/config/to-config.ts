import { resolve } from 'node:path'
import type { Values } from '../key/key.ts'
import type { keys } from '../keys/index.ts'
import type { Secret } from '../secret.ts'
import type { Config, StorageConfig } from './config.ts'
import type { DatabaseConfig, PostgresqlConfig } from './database-config.ts'
import type { DatasourceConfig } from './datasource-config.ts'

type FileValues = Values<typeof keys>

/**
 * The values of the file in the program's terms.
 *
 * @param folder what relative paths start from: the file's folder
 * @param opensPort whether somebody set the address of a port
 */
export function toConfig(values: FileValues, folder: string, opensPort: boolean): Config {
  const { mode, execution, policy, storage, limits, logging, metrics } = values
  const workdir = resolve(folder, values.workdir)
  const node = toNode(values, folder)
  return {
    mode,
    workdir,
    node,
    maintenance: mode === 'client' && opensPort ? { interface: node.interface, port: node.port } : undefined,
    join: toJoin(values),
    datasources: values.datasources.map((datasource) => toDatasource(datasource, folder)),
    database: { ...toDatabase(values.database, workdir), migrate: values.database.migrate },
    execution: {
      workers: execution.workers,
      memoryMb: execution.memory_mb,
      timeoutS: execution.timeout,
      queue: execution.engine === 'local' ? undefined : { kind: execution.queue.kind, url: given(execution.queue.url) },
    },
    policy: { minimumRecords: policy.minimum_records, minimumCell: policy.minimum_cell },
    storage: { ...toStorage(storage, workdir), maxResourceMb: storage.max_resource_mb, minimumFreeMb: storage.minimum_free_mb },
    exchange: toExchange(values.exchange, folder),
    limits: { maxBodyBytes: limits.max_body_bytes },
    logging,
    metrics,
  }
}

function toNode({ mode, node }: FileValues, folder: string): Config['node'] {
  const { certificate, key } = node.tls
  return {
    name: node.name || (mode === 'client' ? 'flottaClient' : 'flottaNode'),
    healthcheckS: node.healthcheck,
    heartbeatS: node.heartbeat,
    leaseS: node.lease,
    maxAttempts: node.max_attempts,
    allowResourceDownload: node.allow_resource_download,
    interface: node.interface || (mode === 'node' ? '0.0.0.0' : 'localhost'),
    url: node.url === '' || URL.canParse(node.url) ? node.url : `${node.protocol}://${node.url}:${node.port}`,
    port: node.port,
    tls:
      certificate === undefined || key === undefined
        ? undefined
        : { certificateFile: resolve(folder, certificate), keyFile: resolve(folder, key) },
    admission: node.admission,
    initialProjects: node.token_projects_initial,
  }
}

function toJoin({ mode, join }: FileValues): Config['join'] {
  const { first, url, fingerprint } = join
  return { first: mode !== 'client' && first, url, fingerprint, enrolmentToken: given(join.enrolment_token) }
}

function toExchange(exchange: FileValues['exchange'], folder: string): Config['exchange'] {
  const { clock_skew: clockSkewS, signing_key_file: key, proxy, ca } = exchange
  const file = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path))
  return { clockSkewS, signingKeyFile: file(key), proxy: given(proxy), caFile: file(ca) }
}

function toDatasource(values: FileValues['datasources'][number], folder: string): DatasourceConfig {
  const { name, token, publish, type, path, separator, decimal, missing, connection, table } = values
  const schema = values.schema.map(([feature, declared]) => ({ feature, ...declared }))
  const offer = { name, tokens: token, publish, schema }
  if (values.kind === 'file') return { kind: 'file', ...offer, type, path: resolve(folder, path), separator, decimal, missing }
  const file = resolve(folder, connection.host)
  const { tls, refresh: refreshS } = connection
  const source =
    connection.dialect === 'sqlite' ? ({ kind: 'sqlite', file } as const) : { ...toPostgresql(connection), tls, refreshS }
  return { kind: 'db', ...offer, table: table ?? '', connection: source }
}

function toDatabase(values: FileValues['database'], workdir: string): DatabaseConfig {
  const { memory, dialect, host } = values
  if (memory || (dialect === 'sqlite' && host === '')) return { kind: 'memory' }
  return dialect === 'sqlite' ? { kind: 'sqlite', file: resolve(workdir, host) } : toPostgresql(values)
}

type Server = Pick<FileValues['database'], 'host' | 'port' | 'username' | 'password' | 'name' | 'scheme'>

function toPostgresql({ host, port, username, password, name, scheme }: Server): PostgresqlConfig {
  return { kind: 'postgresql', host, port, username, password, database: name, schema: scheme }
}

function toStorage({ kind, path, s3 }: FileValues['storage'], workdir: string): StorageConfig {
  if (kind === 'file') return { kind, folder: resolve(workdir, path || 'resources') }
  const { endpoint, region, bucket, access_key_id: accessKeyId, secret_access_key: secretAccessKey, prefix } = s3
  return { kind, endpoint, region, bucket, accessKeyId, secretAccessKey, prefix }
}

function given(secret: Secret): Secret | undefined {
  return secret.reveal() === '' ? undefined : secret
}
