import type { ConfigProblem } from '../config-error.ts'
import { type Layers, type Path, pathText } from '../layers/layers.ts'
import { sourceOf } from '../reading/read-section.ts'

/** What rules over several keys find. */
export class Findings {
  readonly problems: ConfigProblem[] = []
  readonly #layers: Layers

  constructor(layers: Layers) {
    this.#layers = layers
  }

  readonly add = (path: Path, found: string, expected: string): void => {
    this.problems.push({ source: sourceOf(path, this.#layers), path: pathText(path), found, expected })
  }

  /** Whether anybody set a key, or one below it, to something. */
  readonly isSet = (...path: Path): boolean => {
    const own = this.#layers.get(path)?.value
    if (own !== undefined && own !== null && own !== '') return true
    return this.#layers.childrenOf(path).some((child) => this.isSet(...path, child))
  }

  /** Adds a problem for every value that occurred before. */
  readonly addTwice = (
    values: readonly string[],
    at: (index: number) => Path,
    shown: (value: string) => string,
    expected: string,
  ): void => {
    for (const [index, value] of values.entries()) {
      if (value !== '' && values.indexOf(value) < index) this.add(at(index), shown(value), expected)
    }
  }
}
