import { dataError } from '../data-error.ts'

/**
 * Each column needs a name of its own, in whatever case: the query engine does not tell names by case, so a query of one column could
 * be answered from another. Sources of every kind are held to it by the names that they have themselves, before the engine has given
 * any column another one.
 *
 * A name with control characters is none that a feature can have.
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
  const unspeakable = names.findIndex((name) => controlCharacter.test(name))
  if (unspeakable >= 0)
    throw dataError(
      'malformed_datasource',
      `${where}: the name of column ${unspeakable + 1} has a line break or another control character in it`,
    )
  const seen = new Map<string, string>()
  for (const name of names) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) throw dataError('malformed_datasource', `${where}: ${clash(other, name)}`)
    seen.set(name.toLowerCase(), name)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const controlCharacter = /[\u0000-\u001f\u007f]/

function clash(one: string, other: string): string {
  if (one === other) return `two columns are named "${one}"; a query of it could mean either: rename one of them`
  return `columns "${one}" and "${other}" differ in case only, by which queries do not tell columns: rename one of them`
}
