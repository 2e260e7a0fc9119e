import type { PublishMode } from '@flotta/contract'
import type { DatasourceSource } from './datasource-source.ts'

/** A table of this machine and the projects that its owner offers it to. */
export interface OfferedDatasource {
  readonly name: string
  /** Where the table is: read at each use, since it may hold a password. */
  readonly source: () => DatasourceSource
  /** How much is told of it before any job. */
  readonly publish: PublishMode
  /** Read at each use. */
  readonly tokens: () => readonly string[]
}
