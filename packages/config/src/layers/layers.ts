/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

export type Path = readonly (string | number)[]

/** A value that somebody set, and where. `textual`: it was text whatever the key wants, as from a variable. */
export interface SetValue {
  readonly value: unknown
  readonly origin: Origin
  readonly source: string
  readonly textual: boolean
}

/** Values by path: a later layer covers an earlier one. Maps and lists hold nothing themselves, they only have paths below them. */
export class Layers {
  readonly #values = new Map<string, SetValue>()
  readonly #paths = new Map<string, Path>()

  set(path: Path, value: SetValue): void {
    this.#values.set(pathText(path), value)
    this.#paths.set(pathText(path), path)
  }

  get(path: Path): SetValue | undefined {
    return this.#values.get(pathText(path))
  }

  /** Whether anything is set at a path or below it. */
  has(path: Path): boolean {
    return this.get(path) !== undefined || this.childrenOf(path).length > 0
  }

  /** The names or indices that occur directly below a path. */
  childrenOf(path: Path): (string | number)[] {
    const children = new Set<string | number>()
    for (const known of this.#paths.values()) {
      if (known.length > path.length && path.every((part, index) => known[index] === part)) children.add(known[path.length]!)
    }
    return [...children]
  }
}

/** A path as people write it: `datasources[0].token`. A name that is no plain word stands in quotes, so that paths stay apart. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}
