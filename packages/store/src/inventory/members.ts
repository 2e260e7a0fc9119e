import type { ComponentId, DatasourceId, DatasourceMetadata, ProjectId, ProjectState } from '@flotta/contract'
import type { ComponentSummary, DatasourceSummary, InventoryFilters, Listed, Page, ProjectSummary } from '@flotta/runtime/ports'
import { componentOf } from '../components.ts'
import type { Session } from '../database.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { fromText } from '../json.ts'
import { equals, listed, where } from './page.ts'

type Count = bigint | number

function after(column: Prisma.Sql, page: Page): Prisma.Sql | undefined {
  return page.after === undefined ? undefined : Prisma.sql`${column} > ${page.after}`
}

interface ComponentRow {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly key: string
  readonly state: string
  readonly url: string | null
  readonly homeId: string | null
  readonly datasources: Count
  readonly projects: Count
}

export async function listComponents(
  session: Session,
  { id, kind, state }: InventoryFilters['components'],
  page: Page,
): Promise<Listed<ComponentSummary>> {
  const c = Prisma.sql`c.id`
  const rows = await session.$queryRaw<ComponentRow[]>(Prisma.sql`
    SELECT c.id, c.kind, c.name, c.key, c.state, c.url, c.home_id AS "homeId",
      (SELECT COUNT(*) FROM datasource d WHERE d.component_id = c.id) AS datasources,
      (SELECT COUNT(DISTINCT p.project_id) FROM (
        SELECT m.project_id, m.component_id FROM project_member m
        UNION ALL
        SELECT pd.project_id, d.component_id FROM project_datasource pd JOIN datasource d ON d.id = pd.datasource_id
      ) p WHERE p.component_id = c.id) AS projects
    FROM component c
    ${where([equals(c, id), equals(Prisma.sql`c.kind`, kind), equals(Prisma.sql`c.state`, state), after(c, page)])}
    ORDER BY c.id LIMIT ${page.limit + 1}`)
  const item = (row: ComponentRow) => ({
    ...componentOf(row),
    datasources: Number(row.datasources),
    projects: Number(row.projects),
  })
  return listed(rows, page, item, (row) => row.id)
}

interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly datasources: Count
  readonly researchers: Count
  readonly artifacts: Count
}

export async function listProjects(
  session: Session,
  { id }: InventoryFilters['projects'],
  page: Page,
): Promise<Listed<ProjectSummary>> {
  const rows = await session.$queryRaw<ProjectRow[]>(Prisma.sql`
    SELECT p.id, p.name, p.state,
      (SELECT COUNT(*) FROM project_datasource d WHERE d.project_id = p.id) AS datasources,
      (SELECT COUNT(*) FROM project_member m WHERE m.project_id = p.id) AS researchers,
      (SELECT COUNT(*) FROM artifact a WHERE a.project_id = p.id) AS artifacts
    FROM project p ${where([equals(Prisma.sql`p.id`, id), after(Prisma.sql`p.id`, page)])}
    ORDER BY p.id LIMIT ${page.limit + 1}`)
  const item = (row: ProjectRow) => ({
    id: row.id as ProjectId,
    name: row.name,
    state: row.state as ProjectState,
    datasources: Number(row.datasources),
    researchers: Number(row.researchers),
    artifacts: Number(row.artifacts),
  })
  return listed(rows, page, item, (row) => row.id)
}

interface DatasourceRow {
  readonly id: string
  readonly component_id: string
  readonly component_name: string
  readonly metadata: string
}

export async function listDatasources(
  session: Session,
  { id, componentId }: InventoryFilters['datasources'],
  page: Page,
): Promise<Listed<DatasourceSummary>> {
  const d = Prisma.sql`d.id`
  const rows = await session.$queryRaw<DatasourceRow[]>(Prisma.sql`
    SELECT d.id, d.component_id, c.name AS component_name, d.metadata
    FROM datasource d JOIN component c ON c.id = d.component_id
    ${where([equals(d, id), equals(Prisma.sql`d.component_id`, componentId), after(d, page)])}
    ORDER BY d.id LIMIT ${page.limit + 1}`)
  const attached = await session.projectDatasource.findMany({
    where: { datasourceId: { in: rows.map((row) => row.id) } },
    orderBy: { projectId: 'asc' },
  })
  const item = (row: DatasourceRow) => ({
    id: row.id as DatasourceId,
    component: { id: row.component_id as ComponentId, name: row.component_name },
    metadata: fromText<DatasourceMetadata>(row.metadata),
    projectIds: attached.filter(({ datasourceId }) => datasourceId === row.id).map(({ projectId }) => projectId as ProjectId),
  })
  return listed(rows, page, item, (row) => row.id)
}
