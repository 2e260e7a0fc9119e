import { statSync } from 'node:fs'
import type { DatasourceSource } from '../../ports/datasource-source.ts'

/**
 * What changes whenever the content of a source may have changed: size, time and inode of a file (of an SQLite database its
 * write-ahead log too), the revision of a table on a server. Beside it stands how the content is to be read.
 */
export function versionOf(source: DatasourceSource): string {
  switch (source.kind) {
    case 'file':
      return JSON.stringify([source, stampOf(source.path)])
    case 'sqlite':
      return JSON.stringify([source, stampOf(source.path), stampOf(`${source.path}-wal`)])
    case 'postgresql':
      return JSON.stringify({ ...source, password: null })
    default:
      return source satisfies never
  }
}

/** `absent` stands for a file that can't be looked at. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${size} ${mtimeMs} ${ino}`
  } catch {
    return 'absent'
  }
}
