import { createToken, tokenId, tokenVerifier } from '@flotta/crypto'
import { openStore } from '@flotta/store'

/** An enrolment token of a node whose database is a SQLite file, as its operator makes it. */
export async function enrol(file: string, kind: 'client' | 'node' | 'workbench', lifeMs = 60_000): Promise<string> {
  await using store = await openStore({ database: { kind: 'sqlite', file } })
  const token = createToken('enrolment')
  await store.enrolments.create({ tokenId: tokenId(token), tokenVerifier: tokenVerifier(token), kind }, lifeMs)
  return token
}
