/** Version of the protocol; it stands in the tag of each signature, so a changed version is a refused signature. */
export const PROTOCOL_VERSION = 1

/** A sealed product of so many bytes at most travels within messages and needs no request of its own. */
export const SMALL_PRODUCT_BYTES = 32 * 1024

/** A question for work is held for so many seconds at most. */
export const MAX_WAIT_S = 600
/** Whoever holds an answer shows at least every so many seconds that it is still to come: at each heartbeat where that is shorter. */
export const MAX_BREATH_S = 10

/** Media types of the exchange. */
export const mediaTypes = {
  sealed: 'application/vnd.flotta.sealed',
  resource: 'application/vnd.flotta.resource',
  tensors: 'application/vnd.flotta.tensors',
  problem: 'application/problem+json',
  events: 'text/event-stream',
  held: 'application/vnd.flotta.held',
} as const

/** What a proof of a project token is good for: a proof made for one purpose is worth nothing for another. */
export const proofPurposes = { join: 'join', open: 'open', attach: 'attach', enrol: 'enrol' } as const

/** Where a node takes in what it passes on to another node: the path of the request stands behind it. */
export function relayPath(nodeId: string): string {
  return `/relay/${nodeId}`
}
