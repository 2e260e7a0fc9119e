import type { DatasourceId, DatasourceMetadata, KeyDocument, Member, ProjectId } from '@flotta/contract'
import type { MembersSince } from '@flotta/runtime/ports'
import type { Session } from './database.ts'
import { fromText } from './json.ts'

/**
 * The members that this node answers for (they joined here) and all nodes, changed since a revision, oldest change first. Who waits
 * for an operator is nobody else's business.
 */
export async function membersSince(session: Session, revision: number, limit: number): Promise<MembersSince> {
  const rows = await session.component.findMany({
    where: { revision: { gt: revision }, state: { not: 'pending' }, OR: [{ homeId: null }, { kind: 'node' }] },
    orderBy: { revision: 'asc' },
    take: limit,
    include: { datasources: { include: { projects: true }, orderBy: { name: 'asc' } } },
  })
  return {
    revision: rows.length === 0 ? revision : Number(rows.at(-1)!.revision),
    more: rows.length === limit,
    members: rows.map((row) => ({
      key: fromText<KeyDocument>(row.key),
      kind: row.kind as Member['kind'],
      name: row.name,
      url: row.url,
      state: row.state as Member['state'],
      version: Number(row.version),
      datasources: row.datasources.map(({ id, metadata, projects }) => ({
        id: id as DatasourceId,
        metadata: fromText<DatasourceMetadata>(metadata),
        projectIds: projects.map(({ projectId }) => projectId as ProjectId),
      })),
    })),
  }
}
