import type { ComponentId, ProjectId, ProjectState, SharedProject } from '@flotta/contract'
import type { ProjectRecord, ProjectStore, RotateOutcome } from '@flotta/runtime/ports'
import { type Database, type Session, statementsOf } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { nextRevision } from './network-clock.ts'

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
      // The first version is the least, so that a node that joins with an old token never undoes what others have made of the project.
      const revision = await nextRevision(statementsOf(session), this.#database.dialect)
      await session.$executeRaw(Prisma.sql`
        INSERT INTO project (id, name, token_id, token_verifier, state, version, revision)
        VALUES (${id}, ${name}, ${tokenId}, ${tokenVerifier}, ${state}, 1, ${BigInt(revision)})
        ON CONFLICT (token_id) DO UPDATE SET name = excluded.name, version = excluded.revision, revision = excluded.revision
        WHERE project.name <> excluded.name`)
      return projectOf(await session.project.findUniqueOrThrow({ where: { tokenId } }))
    })
  }

  rotateToken(id: ProjectId, token: Pick<ProjectRecord, 'tokenId' | 'tokenVerifier'>): Promise<RotateOutcome> {
    return this.#database.transaction(async (session) => {
      const [row] = await session.$queryRaw<{ token_id: string }[]>(Prisma.sql`
        SELECT token_id FROM project WHERE id = ${id} ${this.#database.dialect.forUpdate}`)
      if (row === undefined) return 'unknown'
      // Said again: the token that it has would be retired otherwise.
      if (row.token_id === token.tokenId) return 'rotated'
      const where = { tokenId: token.tokenId }
      const taken = (await session.project.count({ where })) + (await session.retiredToken.count({ where }))
      if (taken > 0) return 'taken'
      await session.project.update({ where: { id }, data: { tokenId: token.tokenId, tokenVerifier: token.tokenVerifier } })
      await session.retiredToken.create({ data: { tokenId: row.token_id, projectId: id } })
      await this.#tick(session, id)
      return 'rotated'
    })
  }

  setState(id: ProjectId, state: ProjectState): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const { count } = await session.project.updateMany({ where: { id }, data: { state } })
      if (count === 1) await this.#tick(session, id)
      return count === 1
    })
  }

  async since(revision: number): Promise<SharedProject[]> {
    const where = { revision: { gt: revision } }
    const rows = await this.#database.query((session) => session.project.findMany({ where, orderBy: { revision: 'asc' } }))
    return rows.map((row) => ({ ...projectOf(row), version: Number(row.version) }))
  }

  adopt({ id, name, tokenId, tokenVerifier, state, version }: SharedProject): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      await session.$queryRaw(Prisma.sql`SELECT id FROM project WHERE id = ${id} ${this.#database.dialect.forUpdate}`)
      const sameToken = await session.project.findUnique({ where: { tokenId } })
      const known = await session.project.findUnique({ where: { id } })
      if ((sameToken !== null && sameToken.id !== id) || (known !== null && Number(known.version) >= version)) return false
      const revision = await nextRevision(statementsOf(session), this.#database.dialect, version)
      const data = { name, tokenId, tokenVerifier, state, version, revision }
      await session.project.upsert({ where: { id }, create: { id, ...data }, update: data })
      if (known !== null && known.tokenId !== tokenId) await retire(session, known.tokenId, id)
      return true
    })
  }

  async #tick(session: Session, id: string): Promise<void> {
    const revision = await nextRevision(statementsOf(session), this.#database.dialect)
    await session.project.update({ where: { id }, data: { version: revision, revision } })
  }

  find(id: ProjectId): Promise<ProjectRecord | undefined> {
    return this.#findBy(Prisma.sql`id = ${id}`)
  }

  findByTokenId(tokenId: string): Promise<ProjectRecord | undefined> {
    return this.#findBy(Prisma.sql`token_id = ${tokenId}`)
  }

  async #findBy(condition: Prisma.Sql): Promise<ProjectRecord | undefined> {
    const [row] = await this.#database.read((statements) =>
      statements.rows<ProjectRow>(Prisma.sql`
        SELECT id, name, token_id AS "tokenId", token_verifier AS "tokenVerifier", state FROM project WHERE ${condition}`),
    )
    return row && projectOf(row)
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

/** A token that a project had: nobody is admitted by it, and no other project gets it. */
async function retire(session: Session, tokenId: string, projectId: string): Promise<void> {
  await session.retiredToken.upsert({ where: { tokenId }, create: { tokenId, projectId }, update: {} })
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
