import type { ComponentId, ProjectId, ProjectState } from '@flotta/contract'
import type { ProjectRecord, ProjectStore } from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'

interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly tokenId: string
  readonly tokenVerifier: string
  readonly state: string
}

export class Projects implements ProjectStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  ensure({ id, name, tokenId, tokenVerifier, state }: ProjectRecord): Promise<ProjectRecord> {
    return this.#database.transaction(async (session) => {
      const retired = await session.retiredToken.findUnique({ where: { tokenId }, select: { project: true } })
      if (retired !== null) return projectOf(retired.project)
      await session.$executeRaw(Prisma.sql`
        INSERT INTO project (id, name, token_id, token_verifier, state)
        VALUES (${id}, ${name}, ${tokenId}, ${tokenVerifier}, ${state})
        ON CONFLICT (token_id) DO UPDATE SET name = excluded.name`)
      return projectOf(await session.project.findUniqueOrThrow({ where: { tokenId } }))
    })
  }

  rotateToken(id: ProjectId, token: Pick<ProjectRecord, 'tokenId' | 'tokenVerifier'>): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const [row] = await session.$queryRaw<{ token_id: string }[]>(Prisma.sql`
        SELECT token_id FROM project WHERE id = ${id} ${this.#database.dialect.forUpdate}`)
      if (row === undefined) return false
      await session.project.update({ where: { id }, data: { tokenId: token.tokenId, tokenVerifier: token.tokenVerifier } })
      await session.retiredToken.create({ data: { tokenId: row.token_id, projectId: id } })
      return true
    })
  }

  async setState(id: ProjectId, state: ProjectState): Promise<boolean> {
    const { count } = await this.#database.query((session) => session.project.updateMany({ where: { id }, data: { state } }))
    return count === 1
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

function projectOf(row: ProjectRow): ProjectRecord {
  return {
    id: row.id as ProjectId,
    name: row.name,
    tokenId: row.tokenId,
    tokenVerifier: row.tokenVerifier,
    state: row.state as ProjectState,
  }
}
