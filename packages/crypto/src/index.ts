export { constantTimeEqual } from './bytes/constant-time-equal.ts'
export { sha256, sha256Hex } from './bytes/sha256.ts'
export { createRequest, type RequestOptions, type SignedRequest } from './exchange/create-request.ts'
export type { EventOpener } from './exchange/event-frames.ts'
export { BREATH, type HeldAnswer, type HeldOpener, type HeldVerdict } from './exchange/held-answer.ts'
export type { ReceivedRequest } from './exchange/received-request.ts'
export type {
  HeadVerdict,
  ReceivedHead,
  ResponseOpener,
  ResponseRefusal,
  ResponseVerdict,
} from './exchange/response-opener.ts'
export type { EventSealer, HeldSealer, ResponseHead, ResponseSealer, SealedResponse } from './exchange/response-sealer.ts'
export {
  type AcceptedRequest,
  type RefusedRequest,
  type RelayedVerdict,
  type RequestRefusal,
  type RequestVerdict,
  type VerifyRequestOptions,
  type VerifySenderOptions,
  verifyRelayedRequest,
  verifyRequest,
} from './exchange/verify-request.ts'
export { EVENTS_TYPE, HELD_TYPE, type HeaderMap, headerNames, SEALED_TYPE } from './exchange/wire-names.ts'
export type { ExporterContext, RecipientContext, SenderContext } from './hpke/context.ts'
export { type SenderSetup, setupRecipient, setupSender } from './hpke/setup.ts'
export { componentIdOf } from './identity/component-id.ts'
export { fingerprint, fingerprintMatches } from './identity/fingerprint.ts'
export { generateIdentity, type Identity } from './identity/identity.ts'
export { type KeyDocument, verifyKeyDocument } from './identity/key-document.ts'
export { decodeKeyDocument, encodeKeyDocument } from './identity/key-document-header.ts'
export { KeyFileError, type KeyFileProblem } from './identity/key-file-error.ts'
export { type OpenIdentityOptions, openIdentity, readIdentity } from './identity/open-identity.ts'
export type { EphemeralKey } from './identity/raw-key.ts'
export { importSigningKey } from './identity/signing-key.ts'
export { contentDigest, formatContentDigest, parseContentDigest } from './message-signature/content-digest.ts'
export type { OpenOptions } from './sealed-stream/opener.ts'
export { type OpenStream, openBytes, openStream, sealBytes, sealStream } from './sealed-stream/sealed-stream.ts'
export { SealedStreamError, type SealedStreamProblem } from './sealed-stream/sealed-stream-error.ts'
export type { SealOptions } from './sealed-stream/sealer.ts'
export { createToken, tokenId, tokenVerifier } from './token/token.ts'
export { checkTokenProof, proveToken, type TokenProof, type TokenProofContext } from './token/token-proof.ts'
