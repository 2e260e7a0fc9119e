/** A text after its variables were replaced; `missing` names those that are not set. */
export interface Interpolated {
  readonly text: string
  readonly replaced: boolean
  readonly missing: readonly string[]
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` by environment variables, once: what a variable holds is never looked through again.
 * `$$` stands for one `$`. An empty variable counts as not set.
 */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  const missing: string[] = []
  let replaced = false
  const result = text.replace(
    /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (match, name: string | undefined, fallback: string | undefined) => {
      if (name === undefined) return '$'
      replaced = true
      const value = env[name] || fallback
      if (value === undefined) missing.push(name)
      return value ?? match
    },
  )
  return { text: result, replaced, missing }
}
