import type { ComponentId, TokenProof } from '@flotta/contract'
import type { EnrolmentRecord, EnrolmentStore } from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import type { Dialect } from './dialect.ts'
import { Prisma } from './generated/sqlite/client.ts'
import type { Statements } from './statements.ts'

export class Enrolments implements EnrolmentStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create(
    { tokenId, tokenVerifier, kind }: Pick<EnrolmentRecord, 'tokenId' | 'tokenVerifier' | 'kind'>,
    lifeMs: number,
  ): Promise<void> {
    await this.#database.query((session) =>
      session.$executeRaw(Prisma.sql`
        INSERT INTO enrolment (token_id, token_verifier, kind, expires_at_ms)
        VALUES (${tokenId}, ${tokenVerifier}, ${kind}, ${this.#database.dialect.nowMs} + CAST(${BigInt(lifeMs)} AS BIGINT))
        ON CONFLICT (token_id) DO NOTHING`),
    )
  }

  async find(tokenId: TokenProof['tokenId']): Promise<EnrolmentRecord | undefined> {
    const row = await this.#database.query((session) => session.enrolment.findUnique({ where: { tokenId } }))
    if (row === null) return undefined
    return {
      tokenId,
      tokenVerifier: row.tokenVerifier,
      kind: row.kind as EnrolmentRecord['kind'],
      expiresAtMs: Number(row.expiresAtMs),
      usedById: row.usedById as ComponentId | null,
    }
  }
}

/** Spends an enrolment token on one component, for which it then holds again and again; false when it is spent or has expired. */
export async function useEnrolment(
  statements: Statements,
  dialect: Dialect,
  tokenId: string,
  componentId: string,
): Promise<boolean> {
  const used = await statements.run(Prisma.sql`
    UPDATE enrolment SET used_by_id = ${componentId}
    WHERE token_id = ${tokenId} AND (used_by_id = ${componentId} OR (used_by_id IS NULL AND expires_at_ms > ${dialect.nowMs}))`)
  return used === 1
}
