import { type ComponentId, type ComponentState, jobFailure, type KeyDocument, type Member } from '@flotta/contract'
import type { Changes, ComponentRecord, ComponentStore, MembersSince, RegisterOutcome, Registration } from '@flotta/runtime/ports'
import { type Database, type Session, statementsOf } from './database.ts'
import { replaceDatasources } from './datasources.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { fromText, toText } from './json.ts'
import { listOf } from './list-of.ts'
import { membersSince } from './members.ts'
import { nextRevision, reviseComponent } from './network-clock.ts'
import { register } from './register.ts'
import type { Statements } from './statements.ts'
import { endJobsOf } from './transitions/end-jobs-of.ts'

interface ComponentRow {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly key: string
  readonly url: string | null
  readonly state: string
  readonly homeId: string | null
}

/** Components by their ids; those that are not known are not there. */
export async function componentsOf(
  statements: Statements,
  ids: readonly ComponentId[],
): Promise<ReadonlyMap<string, ComponentRecord>> {
  if (ids.length === 0) return new Map()
  const rows = await statements.rows<ComponentRow>(Prisma.sql`
    SELECT id, kind, name, key, url, state, home_id AS "homeId" FROM component WHERE id IN ${listOf(ids)}`)
  return new Map(rows.map((row) => [row.id, componentOf(row)]))
}

const NOTHING: Changes = { readyFor: [], artifactIds: [] }

export class Components implements ComponentStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  register(registration: Registration): Promise<RegisterOutcome> {
    return this.#database.write((statements) => register(statements, this.#database.dialect, registration))
  }

  /** Asked with nearly every request of an idle component, so by a statement. */
  async find(id: ComponentId): Promise<ComponentRecord | undefined> {
    return (await this.#database.read((statements) => componentsOf(statements, [id]))).get(id)
  }

  async nodes(): Promise<ComponentRecord[]> {
    const where = { kind: 'node', state: 'active' }
    const rows = await this.#database.query((session) => session.component.findMany({ where, orderBy: { id: 'asc' } }))
    return rows.map(componentOf)
  }

  async countPending(): Promise<number> {
    return this.#database.query((session) => session.component.count({ where: { state: 'pending' } }))
  }

  approve(id: ComponentId): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const moved = await session.component.updateMany({
        where: { id, state: { in: ['pending', 'blocked'] } },
        data: { state: 'active' },
      })
      if (moved.count === 0) return false
      await this.#tick(session, id)
      return true
    })
  }

  retire(id: ComponentId, state: 'left' | 'blocked'): Promise<Changes> {
    return this.#database.transaction(async (session) => {
      const { count } = await session.component.updateMany({
        where: { id, state: { not: state } },
        data: { state, homeId: null },
      })
      if (count === 0) return NOTHING
      await this.#tick(session, id)
      return this.#endWorkOf(session, id)
    })
  }

  setState(id: ComponentId, state: ComponentState): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const { count } = await session.component.updateMany({ where: { id }, data: { state, homeId: null } })
      if (count === 0) return false
      await this.#tick(session, id)
      if (state !== 'active') await this.#endWorkOf(session, id)
      return true
    })
  }

  async revision(): Promise<number> {
    const clock = await this.#database.query((session) => session.networkClock.findUnique({ where: { id: 1 } }))
    return Number(clock?.value ?? 0)
  }

  membersSince(revision: number, limit: number): Promise<MembersSince> {
    return this.#database.query((session) => membersSince(session, revision, limit))
  }

  adopt(member: Member, homeId: ComponentId): Promise<Changes | undefined> {
    return this.#database.transaction(async (session) => {
      const { id } = member.key
      await this.#lock(session, id)
      const known = await session.component.findUnique({ where: { id } })
      if (known !== null && (Number(known.version) >= member.version || known.kind !== member.kind)) return undefined
      const revision = await nextRevision(statementsOf(session), this.#database.dialect, member.version)
      const offers = await offersOf(session, member)
      const data = {
        name: member.name,
        url: member.url,
        state: member.state,
        homeId: member.kind === 'node' ? null : homeId,
        // What names a project that is not known here yet is heard of once more, when the project is.
        version: offers.complete ? member.version : member.version - 1,
        revision,
      }
      const create = { ...data, id, kind: member.kind, key: toText(member.key), joinedAtMs: revision }
      await session.component.upsert({ where: { id }, create, update: data })
      await replaceDatasources(statementsOf(session), id, offers.datasources)
      return member.state === 'active' ? NOTHING : this.#endWorkOf(session, id)
    })
  }

  /** The component before the clock, everywhere, so that two transactions never wait for each other. */
  async #lock(session: Session, id: string): Promise<void> {
    await session.$queryRaw(Prisma.sql`SELECT id FROM component WHERE id = ${id} ${this.#database.dialect.forUpdate}`)
  }

  #tick(session: Session, id: ComponentId): Promise<void> {
    return reviseComponent(statementsOf(session), this.#database.dialect, id)
  }

  /** What hangs on a component that is no member any more: its tables, its jobs, and those of whoever is reached through it. */
  async #endWorkOf(session: Session, id: ComponentId): Promise<Changes> {
    await replaceDatasources(statementsOf(session), id, [])
    const members = await session.component.findMany({ where: { homeId: id }, select: { id: true } })
    return endJobsOf(
      statementsOf(session),
      this.#database.dialect,
      [id, ...members.map((member) => member.id)],
      jobFailure('worker_left'),
    )
  }
}

/** The tables of a member with the projects that are known here; whether those are all. */
async function offersOf(session: Session, { state, datasources }: Member) {
  const offers = state === 'active' ? datasources : []
  const known = new Set((await session.project.findMany({ select: { id: true } })).map((project) => project.id))
  return {
    complete: offers.every(({ projectIds }) => projectIds.every((id) => known.has(id))),
    datasources: offers.map((offer) => ({ ...offer, projectIds: offer.projectIds.filter((id) => known.has(id)) })),
  }
}

export function componentOf({ id, kind, name, key, url, state, homeId }: ComponentRow): ComponentRecord {
  return {
    id: id as ComponentId,
    kind: kind as ComponentRecord['kind'],
    name,
    key: fromText<KeyDocument>(key),
    url,
    state: state as ComponentState,
    homeId: homeId as ComponentId | null,
  }
}
