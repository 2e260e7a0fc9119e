import type { Secret } from '../secret.ts'
import type { PostgresqlConfig } from './database-config.ts'

interface Offer {
  readonly name: string
  readonly tokens: readonly Secret[]
  /** How much is told of the table before any job. */
  readonly publish: 'full' | 'summary' | 'schema'
  /** What the owner says of features, beyond what the data tells. */
  readonly schema: readonly FeatureDeclaration[]
}

export interface FileDatasourceConfig extends Offer {
  readonly kind: 'file'
  readonly type: 'csv' | 'tsv' | 'parquet' | 'jsonl'
  readonly path: string
  /** What stands between the cells of a csv file. */
  readonly separator: ',' | ';' | '|'
  readonly decimal: '.' | ','
  /** Texts of the file that stand for a missing value. */
  readonly missing: readonly string[]
}

export interface DatabaseDatasourceConfig extends Offer {
  readonly kind: 'db'
  readonly table: string
  readonly connection: { readonly kind: 'sqlite'; readonly file: string } | PostgresqlTableConfig
}

export interface PostgresqlTableConfig extends PostgresqlConfig {
  readonly tls: boolean
  /** Seconds after which the table is read again. */
  readonly refreshS: number
}

/** A table that the process offers to projects. */
export type DatasourceConfig = FileDatasourceConfig | DatabaseDatasourceConfig

export interface FeatureDeclaration {
  readonly feature: string
  readonly type: 'integer' | 'float' | 'boolean' | 'categorical' | 'string' | 'date' | 'timestamp' | undefined
  readonly unit: string | undefined
  readonly categories: readonly string[]
}
