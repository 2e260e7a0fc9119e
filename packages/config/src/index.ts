export type { Config, QueueConfig, StorageConfig } from './config/config.ts'
export type { DatabaseConfig, PostgresqlConfig } from './config/database-config.ts'
export type {
  DatabaseDatasourceConfig,
  DatasourceConfig,
  FeatureDeclaration,
  FileDatasourceConfig,
} from './config/datasource-config.ts'
export { ConfigError, type ConfigProblem } from './config-error.ts'
export { configJsonSchema } from './json-schema.ts'
export { keyPaths } from './keys/key-paths.ts'
export { type Origin, pathText } from './layers/layers.ts'
export { type LoadConfigOptions, type LoadedConfig, loadConfig } from './load-config.ts'
export type { ResolvedValue } from './reading/read-section.ts'
export { Secret } from './secret.ts'
