import type { FeatureType } from '@flotta/contract'

export { defaultMissing } from '@flotta/contract'

/** What the owner states of a column, where its cells do not say it themselves. */
export interface FeatureDeclaration {
  readonly feature: string
  /** The type that every cell has to have; `categorical` is text of few values. */
  readonly type: Exclude<FeatureType, 'null'> | undefined
  /** What the values are measured in, for people. */
  readonly unit: string | undefined
  /** Every value that the column may have; none: whatever occurs. */
  readonly categories: readonly string[]
}

interface Described {
  readonly name: string
  readonly features?: readonly FeatureDeclaration[] | undefined
}

interface FileBase extends Described {
  readonly kind: 'file'
  readonly path: string
}

/** Text with one record a line, compressed with gzip or not. */
export interface DelimitedFile extends FileBase {
  readonly format: 'csv' | 'tsv'
  /** What stands between the cells of a csv file: `,` unless told. */
  readonly separator?: ',' | ';' | '|' | undefined
  readonly decimal?: '.' | ',' | undefined
  readonly missing?: readonly string[] | undefined
}

/** One JSON object a line, compressed with gzip or not. */
export interface JsonLinesFile extends FileBase {
  readonly format: 'jsonl'
}

export interface ParquetFile extends FileBase {
  readonly format: 'parquet'
}

/** A table or view of an SQLite database file. */
export interface SqliteTable extends Described {
  readonly kind: 'sqlite'
  readonly path: string
  readonly table: string
}

/** A table or view of a PostgreSQL database. */
export interface PostgresqlTable extends Described {
  readonly kind: 'postgresql'
  readonly host: string
  readonly port: number
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly username: string
  /** Travels to the worker process in its message alone: never in its environment or arguments. */
  readonly password: string
  /** Speak TLS with the server, and check its certificate. */
  readonly tls: boolean
  /** A table that does not say when it changed is read again when this is another number. */
  readonly revision: number
}

export type SourceFile = DelimitedFile | JsonLinesFile | ParquetFile

/** Where a table of this machine is. All of it comes from the owner's configuration, nothing from a task. */
export type DatasourceSource = SourceFile | SqliteTable | PostgresqlTable
