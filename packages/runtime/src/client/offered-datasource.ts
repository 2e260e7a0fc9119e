import type { DatasourceFile } from '../ports/task-executor.ts'

/** A table of this machine and the projects that its owner offers it to. Tokens are read when they are needed. */
export interface OfferedDatasource {
  readonly file: DatasourceFile
  readonly tokens: () => readonly string[]
}
