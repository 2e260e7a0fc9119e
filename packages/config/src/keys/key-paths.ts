import { isKey, isList, isNamed, type Section } from '../key/key.ts'
import { keys } from './index.ts'

/** Every key as documentation names it: `datasources[].schema.<feature>.type`. */
export function keyPaths(): string[] {
  return pathsBelow(keys, '')
}

function pathsBelow(section: Section, prefix: string): string[] {
  return Object.entries(section).flatMap(([name, entry]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    if (isKey(entry)) return [path]
    if (isList(entry)) return pathsBelow(entry.item, `${path}[]`)
    return isNamed(entry) ? pathsBelow(entry.item, `${path}.<feature>`) : pathsBelow(entry, path)
  })
}
