import { isKey, isList, isNamed, type Section } from '../key/key.ts'
import type { Path } from './layers.ts'

/**
 * The path of a key by its segments, as a flag or a variable writes them; undefined where there is no such key.
 *
 * @param spelling how a segment spells the name of a key; a name that the writer chose is taken as it stands
 */
export function keyPath(
  segments: readonly string[],
  section: Section,
  spelling: (segment: string) => string = (segment) => segment,
): Path | undefined {
  const [segment = '', ...rest] = segments
  const name = spelling(segment)
  const entry = Object.hasOwn(section, name) ? section[name] : undefined
  if (entry === undefined) return undefined
  if (isKey(entry)) return rest.length === 0 || (rest.length === 1 && isIndex(rest[0]!)) ? [name, ...rest.map(Number)] : undefined
  if (isList(entry)) {
    const [index = '', ...inner] = rest
    return isIndex(index) ? prefixed([name, Number(index)], keyPath(inner, entry.item, spelling)) : undefined
  }
  if (isNamed(entry)) {
    const [chosen = '', ...inner] = rest
    return chosen === '' ? undefined : prefixed([name, chosen], keyPath(inner, entry.item, spelling))
  }
  return prefixed([name], keyPath(rest, entry, spelling))
}

function isIndex(text: string): boolean {
  return /^\d{1,3}$/.test(text)
}

function prefixed(prefix: Path, path: Path | undefined): Path | undefined {
  return path && [...prefix, ...path]
}
