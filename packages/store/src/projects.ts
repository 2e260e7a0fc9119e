import type { ComponentId, ProjectId } from '@flotta/contract'
import type { ProjectRecord, ProjectStore } from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'

export class Projects implements ProjectStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  ensure({ id, name, tokenId, tokenVerifier }: ProjectRecord): Promise<ProjectRecord> {
    return this.#database.transaction(async (session) => {
      await session.$executeRaw(Prisma.sql`
        INSERT INTO project (id, name, token_id, token_verifier) VALUES (${id}, ${name}, ${tokenId}, ${tokenVerifier})
        ON CONFLICT (token_id) DO UPDATE SET name = excluded.name`)
      return projectOf(await session.project.findUniqueOrThrow({ where: { tokenId } }))
    })
  }

  async find(id: ProjectId): Promise<ProjectRecord | undefined> {
    const row = await this.#database.query((session) => session.project.findUnique({ where: { id } }))
    return row === null ? undefined : projectOf(row)
  }

  async findByTokenId(tokenId: string): Promise<ProjectRecord | undefined> {
    const row = await this.#database.query((session) => session.project.findUnique({ where: { tokenId } }))
    return row === null ? undefined : projectOf(row)
  }

  async addMember(projectId: ProjectId, componentId: ComponentId): Promise<void> {
    await this.#database.query((session) =>
      session.$executeRaw(Prisma.sql`
        INSERT INTO project_member (project_id, component_id) VALUES (${projectId}, ${componentId}) ON CONFLICT DO NOTHING`),
    )
  }

  async isMember(projectId: ProjectId, componentId: ComponentId): Promise<boolean> {
    const where = { projectId_componentId: { projectId, componentId } }
    return (await this.#database.query((session) => session.projectMember.findUnique({ where }))) !== null
  }
}

function projectOf(row: { id: string; name: string; tokenId: string; tokenVerifier: string }): ProjectRecord {
  return { id: row.id as ProjectId, name: row.name, tokenId: row.tokenId, tokenVerifier: row.tokenVerifier }
}
