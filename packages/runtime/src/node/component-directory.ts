import { type ComponentId, componentIdSchema } from '@flotta/contract'
import type { ComponentRecord, ComponentStore } from '../ports/store.ts'

const MAX_CACHED = 10_000

/** Known components by id, asked of the store once. */
export class ComponentDirectory {
  readonly #store: ComponentStore
  readonly #known = new Map<ComponentId, ComponentRecord>()

  constructor(store: ComponentStore) {
    this.#store = store
  }

  async find(id: string): Promise<ComponentRecord | undefined> {
    const parsed = componentIdSchema.safeParse(id)
    if (!parsed.success) return undefined
    const cached = this.#known.get(parsed.data)
    if (cached !== undefined) return cached
    const found = await this.#store.find(parsed.data)
    if (found !== undefined) {
      if (this.#known.size >= MAX_CACHED) this.#known.clear()
      this.#known.set(parsed.data, found)
    }
    return found
  }
}
