import type { DatasourceSource } from '../ports/datasource-source.ts'

/** A table of this machine and the projects that its owner offers it to. */
export interface OfferedDatasource {
  readonly name: string
  /** Where the table is: read at each use, since it may hold a password. */
  readonly source: () => DatasourceSource
  /** Read at each use. */
  readonly tokens: () => readonly string[]
}
