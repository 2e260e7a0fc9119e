import { type ComponentId, componentIdSchema, type KeyDocument } from '@flotta/contract'
import type { ComponentRecord } from '../ports/component-record.ts'
import type { ComponentStore } from '../ports/store.ts'

const MAX_CACHED = 10_000
/** How long a change that another process made may stay unseen. */
const MAX_AGE_MS = 2_000

/** Whoever may speak to the node: a component, or its operator, who is known by his key alone. */
export interface KnownComponent extends Omit<ComponentRecord, 'kind'> {
  readonly kind: ComponentRecord['kind'] | 'operator'
}

/** Known components by id, asked of the store now and then, and at once after `forget`. */
export class ComponentDirectory {
  readonly #store: ComponentStore
  readonly #operators: ReadonlyMap<string, KnownComponent>
  readonly #known = new Map<ComponentId, { readonly component: ComponentRecord; readonly untilMs: number }>()

  constructor(store: ComponentStore, operatorKeys: readonly KeyDocument[] = []) {
    this.#store = store
    this.#operators = new Map(
      operatorKeys.map((key) => [
        key.id,
        { id: key.id, kind: 'operator', name: 'operator', key, url: null, state: 'active', homeId: null },
      ]),
    )
  }

  async find(id: string): Promise<KnownComponent | undefined> {
    const operator = this.#operators.get(id)
    if (operator !== undefined) return operator
    const parsed = componentIdSchema.safeParse(id)
    if (!parsed.success) return undefined
    const nowMs = performance.now()
    const cached = this.#known.get(parsed.data)
    if (cached !== undefined && cached.untilMs > nowMs) return cached.component
    const component = await this.#store.find(parsed.data)
    if (component === undefined) this.#known.delete(parsed.data)
    else {
      if (this.#known.size >= MAX_CACHED) this.#known.clear()
      this.#known.set(parsed.data, { component, untilMs: nowMs + MAX_AGE_MS })
    }
    return component
  }

  /** Has the next question for a component asked of the store: something of it has changed. */
  forget(id: ComponentId): void {
    this.#known.delete(id)
  }

  /** Has everything asked anew: something has changed elsewhere. */
  forgetAll(): void {
    this.#known.clear()
  }
}
