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
  let finite = true
  try {
    const value = JSON.parse(text, (key, part: unknown) => {
      if (typeof part === 'number' && !Number.isFinite(part)) finite = false
      if (key === '__proto__') finite = false
      return part
    }) as Json
    return finite ? value : undefined
  } catch {
    return undefined
  }
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
