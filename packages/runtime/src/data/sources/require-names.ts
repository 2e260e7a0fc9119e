import { dataError } from '../data-error.ts'

/**
 * Each column needs a name of its own, in whatever case: the query engine does not tell names by case, so a query of one column could
 * be answered from another. Sources of every kind are held to it by the names that they have themselves, before the engine has given
 * any column another one.
 *
 * A table without any column that can be read is refused too.
 *
 * @param where what a message begins with
 * @throws {FlottaError} `malformed_datasource`
 */
export function requireNames(names: readonly string[], where: string): void {
  if (names.length === 0)
    throw dataError('malformed_datasource', `${where}: there is no column that can be read; those of bytes are left out`)
  const unnamed = names.indexOf('')
  if (unnamed >= 0) throw dataError('malformed_datasource', `${where}: column ${unnamed + 1} has no name`)
  const seen = new Map<string, string>()
  for (const name of names) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) throw dataError('malformed_datasource', `${where}: ${clash(other, name)}`)
    seen.set(name.toLowerCase(), name)
  }
}

function clash(one: string, other: string): string {
  if (one === other) return `two columns are named "${one}"; a query of it could mean either: rename one of them`
  return `columns "${one}" and "${other}" differ in case only, by which queries do not tell columns: rename one of them`
}
