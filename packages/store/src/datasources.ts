import type { ComponentId, DatasourceId, DatasourceMetadata, ProjectId } from '@flotta/contract'
import type { DatasourceRecord, DatasourceStore } from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { fromText, toText } from './json.ts'
import { listOf } from './list-of.ts'
import { reviseComponent } from './network-clock.ts'
import type { Statements } from './statements.ts'
import { takesPart } from './taking-part.ts'

type Offer = Parameters<DatasourceStore['replace']>[1][number]

export class Datasources implements DatasourceStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  replace(componentId: ComponentId, offers: readonly Offer[]): Promise<void> {
    const { dialect } = this.#database
    return this.#database.write(async (statements) => {
      // Two processes of one component may publish at the same time: what remains is what one of them said, not a mixture.
      await statements.rows(Prisma.sql`SELECT id FROM component WHERE id = ${componentId} ${dialect.forUpdate}`)
      await replaceDatasources(statements, componentId, offers)
      await reviseComponent(statements, dialect, componentId)
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
}

/** Within a transaction: everything that a component offers, in place of what it offered before. */
export async function replaceDatasources(statements: Statements, componentId: string, offers: readonly Offer[]): Promise<void> {
  const others = noneOf(
    Prisma.sql`name`,
    offers.map(({ metadata }) => metadata.name),
  )
  await statements.run(Prisma.sql`DELETE FROM datasource WHERE component_id = ${componentId} ${others}`)
  for (const offer of offers) await offerDatasource(statements, componentId, offer)
}

async function offerDatasource(statements: Statements, componentId: string, { id, metadata, projectIds }: Offer): Promise<void> {
  const [stored] = await statements.rows<{ id: string }>(Prisma.sql`
    INSERT INTO datasource (id, component_id, name, metadata) VALUES (${id}, ${componentId}, ${metadata.name}, ${toText(metadata)})
    ON CONFLICT (component_id, name) DO UPDATE SET metadata = excluded.metadata RETURNING id`)
  const others = noneOf(Prisma.sql`project_id`, projectIds)
  await statements.run(Prisma.sql`DELETE FROM project_datasource WHERE datasource_id = ${stored!.id} ${others}`)
  for (const projectId of projectIds) {
    await statements.run(Prisma.sql`
      INSERT INTO project_datasource (project_id, datasource_id) VALUES (${projectId}, ${stored!.id}) ON CONFLICT DO NOTHING`)
  }
}

/** The rest of a condition: the column has none of the values, of which there may be none. */
function noneOf(column: Prisma.Sql, values: readonly string[]): Prisma.Sql {
  return values.length === 0 ? Prisma.empty : Prisma.sql`AND ${column} NOT IN ${listOf(values)}`
}

/** By code unit, so that the order is the same in every database and locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
