import type { DatasourceConfig } from '@flotta/config'
import type { DatasourceSource, OfferedDatasource } from '@flotta/runtime'

/** A table of the configuration as the engine takes it. Tokens and passwords are read when they are needed. */
export function offerOf(config: DatasourceConfig): OfferedDatasource {
  const { name, tokens } = config
  return { name, publish: config.publish, source: () => sourceOf(config), tokens: () => tokens.map((token) => token.reveal()) }
}

function sourceOf(config: DatasourceConfig): DatasourceSource {
  const { name, schema: features } = config
  if (config.kind === 'file') {
    const { type, path, separator, decimal, missing } = config
    switch (type) {
      case 'csv':
      case 'tsv':
        return { kind: 'file', name, features, path, format: type, separator, decimal, missing }
      case 'jsonl':
        return { kind: 'file', name, features, path, format: type }
      case 'parquet':
        return { kind: 'file', name, features, path, format: type }
      default:
        return type satisfies never
    }
  }
  const { table, connection } = config
  if (connection.kind === 'sqlite') return { kind: 'sqlite', name, features, path: connection.file, table }
  const { host, port, database, schema, username, password, tls, refreshS } = connection
  const revision = Math.floor(Date.now() / (refreshS * 1000))
  return {
    kind: 'postgresql',
    name,
    features,
    host,
    port,
    database,
    schema,
    table,
    username,
    password: password.reveal(),
    tls,
    revision,
  }
}
