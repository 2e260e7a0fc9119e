import type { RegisterOutcome, Registration } from '@flotta/runtime/ports'
import type { Dialect } from './dialect.ts'
import { useEnrolment } from './enrolments.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { toText } from './json.ts'
import { nextRevision } from './network-clock.ts'
import type { Statements } from './statements.ts'

interface KnownRow {
  readonly kind: string
  readonly name: string
  readonly url: string | null
  readonly state: string
  readonly home_id: string | null
}

/** Within a transaction: lets a component in, or in again with what it says of itself now. */
export async function register(
  statements: Statements,
  dialect: Dialect,
  { id, kind, name, key, url = null, state = 'active', enrolment }: Registration,
): Promise<RegisterOutcome> {
  const [known] = await statements.rows<KnownRow>(Prisma.sql`
    SELECT kind, name, url, state, home_id FROM component WHERE id = ${id} ${dialect.forUpdate}`)
  if (known?.state === 'blocked') return 'blocked'
  if (known !== undefined && known.kind !== kind) return 'kind_conflict'
  if (enrolment !== undefined && !(await useEnrolment(statements, dialect, enrolment, id))) return 'enrolment_spent'
  // Whom an operator has let in stays in; and one that waits goes on waiting unless there is a better reason now.
  const after = known?.state === 'active' ? 'active' : state
  const same = known?.name === name && known.url === url && known.state === after && known.home_id === null
  if (!same) {
    const revision = await nextRevision(statements, dialect)
    await statements.run(Prisma.sql`
      INSERT INTO component (id, kind, name, key, url, state, version, revision, joined_at_ms)
      VALUES (${id}, ${kind}, ${name}, ${toText(key)}, ${url}, ${after}, ${revision}, ${revision}, ${revision})
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, state = excluded.state, home_id = NULL,
        version = excluded.version, revision = excluded.revision`)
  }
  return after === 'pending' ? 'pending' : 'registered'
}
