import { createHmac } from 'node:crypto'
import { fromBase64url } from '../bytes/base64.ts'
import { constantTimeEqual } from '../bytes/constant-time-equal.ts'
import { tokenId, tokenVerifier } from './token.ts'

/** What a proof is good for: this prover, towards this verifier (component ids), for this purpose. */
export interface TokenProofContext {
  readonly prover: string
  readonly verifier: string
  readonly purpose: string
}

export interface TokenProof {
  readonly tokenId: string
  readonly proof: string
}

const PROOF_BYTES = 32

/** Shows knowledge of a token without sending it. The request that carries a proof is signed by the prover, so nobody else can use it. */
export function proveToken(token: string, context: TokenProofContext): TokenProof {
  return { tokenId: tokenId(token), proof: proofOf(tokenVerifier(token), context).toString('base64url') }
}

/** Whether a proof was made with the token behind the stored verifier, for exactly this context; in constant time. */
export function checkTokenProof(storedVerifier: string, proof: string, context: TokenProofContext): boolean {
  const given = fromBase64url(proof, PROOF_BYTES)
  return given !== undefined && constantTimeEqual(given, proofOf(storedVerifier, context))
}

function proofOf(verifier: string, { prover, verifier: verifierId, purpose }: TokenProofContext): Buffer {
  const hmac = createHmac('sha256', Buffer.from(verifier, 'base64url'))
  for (const part of ['flotta-token-proof-v1', prover, verifierId, purpose]) {
    const bytes = Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hmac.update(length).update(bytes)
  }
  return hmac.digest()
}
