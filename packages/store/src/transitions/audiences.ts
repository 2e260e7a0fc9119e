import type { ComponentId } from '@flotta/contract'
import { toText } from '../json.ts'

/** The distinct lists of readers in a plan: written once each, so that many jobs with many readers cost their sum, not their product. */
export class Audiences {
  readonly #byList = new Map<readonly ComponentId[], number>()
  readonly #byText = new Map<string, number>()

  indexOf(componentIds: readonly ComponentId[]): number {
    const known = this.#byList.get(componentIds)
    if (known !== undefined) return known
    const text = toText(componentIds)
    const index = this.#byText.get(text) ?? this.#byText.size
    this.#byText.set(text, index)
    this.#byList.set(componentIds, index)
    return index
  }

  rows(artifactNumber: number): { artifactNumber: number; index: number; componentIds: string }[] {
    return [...this.#byText].map(([componentIds, index]) => ({ artifactNumber, index, componentIds }))
  }
}
