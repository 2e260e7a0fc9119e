import type { ComponentId, DatasourceId, DatasourceMetadata, ProjectId } from '@flotta/contract'
import type { DatasourceRecord, DatasourceStore } from '@flotta/runtime/ports'
import type { Database, Session } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { fromText, toText } from './json.ts'
import { nextRevision } from './network-clock.ts'

type Offer = Parameters<DatasourceStore['replace']>[1][number]

export class Datasources implements DatasourceStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  replace(componentId: ComponentId, offers: readonly Offer[]): Promise<void> {
    return this.#database.transaction(async (session) => {
      await this.#lockComponent(session, componentId)
      await replaceDatasources(session, componentId, offers)
      const revision = await nextRevision(session, this.#database.dialect)
      await session.component.updateMany({ where: { id: componentId }, data: { version: revision, revision } })
    })
  }

  async ofProject(projectId: ProjectId): Promise<DatasourceRecord[]> {
    const rows = await this.#database.query((session) =>
      session.$queryRaw<{ id: string; metadata: string; component_id: string; component_name: string }[]>(Prisma.sql`
        SELECT d.id, d.metadata, c.id AS component_id, c.name AS component_name
        FROM project_datasource p JOIN datasource d ON d.id = p.datasource_id JOIN component c ON c.id = d.component_id
        WHERE p.project_id = ${projectId} AND ${takesPart}`),
    )
    const records = rows.map((row) => ({
      id: row.id as DatasourceId,
      component: { id: row.component_id as ComponentId, name: row.component_name },
      metadata: fromText<DatasourceMetadata>(row.metadata),
    }))
    return records.sort((a, b) => compare(a.component.id, b.component.id) || compare(a.metadata.name, b.metadata.name))
  }

  /** Two processes of one component may publish at the same time: what remains is what one of them said, not a mixture. */
  async #lockComponent(session: Session, id: ComponentId): Promise<void> {
    await session.$queryRaw(Prisma.sql`SELECT id FROM component WHERE id = ${id} ${this.#database.dialect.forUpdate}`)
  }
}

/** Members alone do work: neither who left, nor who is reached through a node that left (E5). */
const takesPart = Prisma.sql`c.state = 'active'
  AND NOT EXISTS (SELECT 1 FROM component h WHERE h.id = c.home_id AND h.state <> 'active')`

/** Within a transaction: everything that a component offers, in place of what it offered before. */
export async function replaceDatasources(session: Session, componentId: string, offers: readonly Offer[]): Promise<void> {
  const names = offers.map(({ metadata }) => metadata.name)
  await session.datasource.deleteMany({ where: { componentId, name: { notIn: names } } })
  for (const offer of offers) await offerDatasource(session, componentId, offer)
}

async function offerDatasource(session: Session, componentId: string, { id, metadata, projectIds }: Offer): Promise<void> {
  const document = toText(metadata)
  const stored = await session.datasource.upsert({
    where: { componentId_name: { componentId, name: metadata.name } },
    create: { id, componentId, name: metadata.name, metadata: document },
    update: { metadata: document },
    select: { id: true },
  })
  await session.projectDatasource.deleteMany({ where: { datasourceId: stored.id, projectId: { notIn: [...projectIds] } } })
  for (const projectId of projectIds) {
    await session.$executeRaw(Prisma.sql`
      INSERT INTO project_datasource (project_id, datasource_id) VALUES (${projectId}, ${stored.id}) ON CONFLICT DO NOTHING`)
  }
}

/** By code unit, so that the order is the same in every database and locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
