/** Plain JSON, as it crosses the wire. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Deepest nesting of a message that is read: a plan needs about a dozen levels, and three for each level of an expression. */
export const MAX_JSON_DEPTH = 64

/**
 * Parses JSON whose nesting is bounded and whose numbers are finite; returns undefined for anything else.
 *
 * The depth is found by one linear pass over the text, before a parser or a schema recurses into it.
 * `1e999` parses to Infinity in JavaScript and is refused here.
 */
export function parseJson(text: string, maxDepth = MAX_JSON_DEPTH): Json | undefined {
  if (jsonDepth(text) > maxDepth) return undefined
  try {
    return SUSPECT.test(text) ? parseLookingAtEach(text) : (JSON.parse(text) as Json)
  } catch {
    return undefined
  }
}

/** What a text must hold to name `__proto__` or a number beyond all bounds; most texts don't, and are parsed many times faster. */
const SUSPECT = /__proto__|\\u|[eE]\+?\d{2}|\d{200}/

function parseLookingAtEach(text: string): Json | undefined {
  let sound = true
  const value = JSON.parse(text, (key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) sound = false
    if (key === '__proto__') sound = false
    return part
  }) as Json
  return sound ? value : undefined
}

/** Deepest nesting of objects and arrays in a JSON text; brackets inside strings do not count. */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 92) i++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) deepest = Math.max(deepest, ++depth)
    else if (code === 125 || code === 93) depth--
  }
  return deepest
}
