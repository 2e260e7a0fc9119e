import type { Json } from '../json.ts'
import { ensure, ModelFileError } from './model-file-error.ts'

/**
 * Parses JSON in which no object has a key twice, or the key `__proto__`: what every reader understands in the same way.
 *
 * @param what the text, as messages call it
 * @throws {ModelFileError}
 */
export function parseStrictJson(text: string, what: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw new ModelFileError(`${what} is not JSON`)
  }
  ensureDistinctKeys(text, what)
  return value
}

/** Walks the tokens of valid JSON with a stack of the open objects' keys; null stands for an array. */
function ensureDistinctKeys(text: string, what: string): void {
  const open: (Set<string> | null)[] = []
  for (const [token, isKey] of stringsAndBrackets(text)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (isKey) {
      const key = JSON.parse(token) as string
      const keys = open.at(-1)
      ensure(key !== '__proto__' && keys instanceof Set && !keys.has(key), `${what} has a key that is repeated or not allowed`)
      keys.add(key)
    }
  }
}

/** Brackets and strings in order; a string is a key when a colon follows. */
function* stringsAndBrackets(text: string): Generator<[string, boolean]> {
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if ('{}[]'.includes(character)) yield [character, false]
    if (character !== '"') continue
    const start = i++
    while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
    let next = i + 1
    while (' \t\r\n'.includes(text[next] ?? '.')) next++
    yield [text.slice(start, i + 1), text[next] === ':']
  }
}
