import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTable } from '../../../src/data/open-table.ts'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'

/** A folder of its own that goes with the test. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'flotta-sources-'))

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name)
    writeFileSync(path, content)
    return path
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The whole content of a source: its types, and each column as text; null where a value is missing. */
export async function contentOf(source: DatasourceSource) {
  const table = await openTable(source)
  try {
    const columns: Record<string, (string | null)[]> = {}
    for (const feature of table.schema) columns[feature.name] = await table.texts(feature, table.all)
    return { types: Object.fromEntries(table.schema.map(({ name, type }) => [name, type])), columns }
  } finally {
    await table.close()
  }
}

/** Why a source can't be read, as the log of its owner says it. */
export async function refusalOf(source: DatasourceSource): Promise<{ code: string; detail: string }> {
  try {
    await contentOf(source)
  } catch (error) {
    const { code, cause } = error as { code: string; cause: unknown }
    return { code, detail: String(cause) }
  }
  throw new Error('the source was read')
}
