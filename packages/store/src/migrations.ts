import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Dialect } from './dialect.ts'

/** One file of `migrations/<dialect>`, in the order of its number. */
export interface Migration {
  readonly name: string
  /** SHA-256 of the file. */
  readonly checksum: string
  readonly statements: readonly string[]
}

/** The migrations that this version knows. They lie beside `src` and `dist` alike. */
export async function knownMigrations(dialect: Dialect): Promise<Migration[]> {
  const folder = new URL(`../migrations/${dialect.name}/`, import.meta.url)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file) => {
      const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n')
      return {
        name: file.slice(0, -'.sql'.length),
        checksum: createHash('sha256').update(sql).digest('hex'),
        statements: statementsOf(sql),
      }
    }),
  )
}

/** Prisma ends each statement with a semicolon at the end of a line, and ends no line within a statement so. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(/;$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
