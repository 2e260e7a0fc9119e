// To add a column with a default, Prisma makes a SQLite table anew, copies its rows and drops the old one. Within the transaction of
// a migration the rows that refer to the old table forbid that. SQLite adds such a column in place, so that is written instead.

const REMADE =
  /CREATE TABLE "new_(\w+)" \(\n([\s\S]*?)\n\);\nINSERT INTO "new_\1" \(([^)]*)\)[^;]*;\nDROP TABLE "\1";\nALTER TABLE "new_\1" RENAME TO "\1";\n((?:CREATE (?:UNIQUE )?INDEX [^;]*;\n)*)/g

/**
 * The same migration with columns added in place; `earlier` is the SQL of those before it. Whether both lead to the same tables is
 * for the caller to check: a table that changed otherwise needs to be made anew.
 */
export function addColumnsInPlace(sql, earlier) {
  const indexes = indexesOf(earlier)
  const inPlace = sql.replace(REMADE, (_, table, definition, copied, created) => {
    const kept = new Set([...copied.matchAll(/"(\w+)"/g)].map(([, name]) => name))
    const added = definition
      .split('\n')
      .map((line) => line.trim().replace(/,$/, ''))
      .filter((line) => line.startsWith('"') && !kept.has(/^"(\w+)"/.exec(line)[1]))
    const wanted = [...created.matchAll(/CREATE (?:UNIQUE )?INDEX "(\w+)"[^;]*;/g)]
    const names = new Set(wanted.map(([, name]) => name))
    const stale = [...indexes].filter(([name, of]) => of === table && !names.has(name))
    return [
      ...stale.map(([name]) => `DROP INDEX "${name}";`),
      ...added.map((column) => `ALTER TABLE "${table}" ADD COLUMN ${column};`),
      ...wanted.filter(([, name]) => !indexes.has(name)).map(([statement]) => statement),
      '',
    ].join('\n')
  })
  return inPlace.replace(/^PRAGMA (?:defer_)?foreign_keys=(?:ON|OFF);\n/gm, '').replace('-- RedefineTables', '-- AlterTable')
}

/** Index names with their tables, as a row of migrations leaves them. */
function indexesOf(sql) {
  const indexes = new Map()
  for (const [, created, table, dropped] of sql.matchAll(/CREATE (?:UNIQUE )?INDEX "(\w+)" ON "(\w+)"|DROP INDEX "(\w+)"/g)) {
    if (dropped === undefined) indexes.set(created, table)
    else indexes.delete(dropped)
  }
  return indexes
}
