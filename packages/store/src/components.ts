import type { ComponentId, ComponentState, KeyDocument } from '@flotta/contract'
import type { ComponentRecord, ComponentStore } from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { fromText, toText } from './json.ts'

interface ComponentRow {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly key: string
  readonly state: string
}

export class Components implements ComponentStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async register({ id, kind, name, key, state }: ComponentRecord): Promise<'registered' | 'kind_conflict'> {
    const registered = await this.#database.query((session) =>
      session.$executeRaw(Prisma.sql`
        INSERT INTO component (id, kind, name, key, state) VALUES (${id}, ${kind}, ${name}, ${toText(key)}, ${state})
        ON CONFLICT (id) DO UPDATE SET name = excluded.name,
          state = CASE WHEN component.state = 'left' THEN excluded.state ELSE component.state END
        WHERE component.kind = excluded.kind`),
    )
    return registered === 1 ? 'registered' : 'kind_conflict'
  }

  async find(id: ComponentId): Promise<ComponentRecord | undefined> {
    const row = await this.#database.query((session) => session.component.findUnique({ where: { id } }))
    return row === null ? undefined : componentOf(row)
  }

  async setState(id: ComponentId, state: ComponentState): Promise<boolean> {
    const { count } = await this.#database.query((session) => session.component.updateMany({ where: { id }, data: { state } }))
    return count === 1
  }
}

export function componentOf({ id, kind, name, key, state }: ComponentRow): ComponentRecord {
  return {
    id: id as ComponentId,
    kind: kind as ComponentRecord['kind'],
    name,
    key: fromText<KeyDocument>(key),
    state: state as ComponentState,
  }
}
