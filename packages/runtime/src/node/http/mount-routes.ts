import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type ComponentId,
  FlottaError,
  type KeyDocument,
  problemOf,
  type Route,
  type Routes,
  streamsBody,
  successStatus,
} from '@flotta/contract'
import {
  type AcceptedRequest,
  type Identity,
  type RelayedVerdict,
  type RequestVerdict,
  type ResponseSealer,
  verifyRelayedRequest,
  verifyRequest,
} from '@flotta/crypto'
import express, { type ErrorRequestHandler, type Request, type Router } from 'express'
import type { Logger } from '../../ports/logger.ts'
import type { ComponentDirectory } from '../component-directory.ts'
import type { Principal } from '../principal.ts'
import type { Answer, RelayedAnswer } from './answer.ts'
import type { Breaths } from './breaths.ts'
import { bodyStream, drain } from './early-answer.ts'
import type { Incoming } from './handlers.ts'
import { heldResponder } from './held-responder.ts'
import { type ObserveRequest, stopwatch } from './metrics.ts'
import { parseRequest } from './parse-request.ts'
import type { NonceWindow } from './replay-window.ts'
import { readRequestBody } from './request-body.ts'
import { plainResponder, problemFromUnknown, type Responder, sealedResponder } from './responder.ts'
import { type SignedTarget, signedTarget } from './signed-target.ts'

/** A table of routes by audience, with the handler of each row; `Handlers` types it for the contract's own table. */
export interface RouteTable {
  readonly routes: Readonly<Record<string, Routes>>
  readonly handlers: Readonly<Record<string, object>>
}

export interface MountOptions {
  readonly identity: Identity
  readonly directory: Pick<ComponentDirectory, 'find'>
  readonly replayWindow: NonceWindow
  readonly clockSkewMs: number
  readonly maxBodyBytes: number
  /** Of answers that are held. */
  readonly breaths: Breaths
  readonly logger: Logger
  readonly nowMs: () => number
  readonly observe?: ObserveRequest | undefined
}

type AnyHandler = (incoming: Incoming<Route>) => Promise<unknown>

/**
 * A table of routes as an Express router.
 *
 * Each request takes one way: authenticate (nothing is read of a body before), open, parse, do, answer. Anonymous routes skip the
 * first two, and of what is relayed nothing can be opened. An error becomes a problem document, in the clear only where the caller
 * could not be authenticated, or has sealed its request to another node.
 */
export function mountRoutes({ routes, handlers }: RouteTable, options: MountOptions): Router {
  const router = express.Router()
  for (const [audience, group] of Object.entries(routes)) {
    const named = handlers[audience] as Record<string, AnyHandler>
    for (const [name, route] of Object.entries(group)) {
      const handler = named[name]
      if (handler === undefined) throw new TypeError(`the route ${audience}.${name} has no handler`)
      const method = route.method.toLowerCase() as 'get' | 'post' | 'put'
      router[method](route.path, (request, response) => {
        // Express would wait for the promise, and with it keep its way to this handler for as long as the request is held.
        request.next = undefined
        void answer(route, handler, request, response, options)
      })
    }
  }
  router.use(undecodable)
  return router
}

/** What Express itself stumbles over before any handler, which is a path whose percent signs encode no text. */
const undecodable: ErrorRequestHandler = (error, request, response, next) => {
  if (!(error instanceof URIError)) return next(error)
  plainResponder(response).problem(problemOf('malformed_request', 'The path of the request can not be decoded.'))
  drain(request)
}

async function answer(
  route: Route,
  handler: AnyHandler,
  request: Request,
  response: ServerResponse,
  options: MountOptions,
): Promise<void> {
  let responder: Responder = plainResponder(response)
  if (options.observe) {
    const { observe } = options
    const elapsedS = stopwatch()
    response.once('close', () => observe(`${route.method} ${route.path}`, response.statusCode, elapsedS()))
  }
  const sealAnswer = (sealer: ResponseSealer) => {
    responder =
      route.metadata.streaming === 'response-held'
        ? heldResponder(response, sealer, options.breaths)
        : sealedResponder(response, sealer)
  }
  try {
    const { result } = await begin(route, handler, request, response, options, sealAnswer)
    await responder.send(answerOf(route, await result))
  } catch (error) {
    if (response.destroyed) return
    responder.problem(problemFromUnknown(error, options.logger.with({ route: `${route.method} ${route.path}` })))
    drain(request)
  }
}

/**
 * Authenticates, opens and parses a request, and begins to do what it asks for. The result is a promise within, not waited for here, so
 * that a request that is held keeps nothing but what its handler keeps of it.
 *
 * @param sealAnswer is told how to seal whatever is answered from then on
 */
async function begin(
  route: Route,
  handler: AnyHandler,
  request: Request,
  response: ServerResponse,
  options: MountOptions,
  sealAnswer: (sealer: ResponseSealer) => void,
): Promise<{ readonly result: Promise<unknown> }> {
  const target = signedTarget(route, request)
  const claim = await verify(route, target, request, options)
  if (claim?.responses) sealAnswer(claim.responses)
  const verdict = claim && requireAccepted(claim, options)
  const principal = verdict ? await authorise(route, verdict, options) : undefined
  const body = await bodyOf(route, request, verdict, options.maxBodyBytes)
  const parsed = parseRequest(route, { params: request.params, query: request.query, body })
  // What few handlers ask for is made for those who do.
  const incoming = {
    ...parsed,
    principal,
    target,
    lastEventId: lastEventIdOf(request),
    get upload() {
      return { stream: bodyStream(request), digest: verdict ? Buffer.from(verdict.contentDigest).toString('hex') : '' }
    },
    get signal() {
      return hangUpSignal(response)
    },
  }
  return { result: handler(incoming as unknown as Incoming<Route>) }
}

/** Aborts when the caller hangs up before he is answered. */
function hangUpSignal(response: ServerResponse): AbortSignal {
  const hangUp = new AbortController()
  const onClose = () => {
    if (!response.writableFinished) hangUp.abort()
  }
  if (response.closed) onClose()
  else response.once('close', onClose)
  return hangUp.signal
}

/** `Last-Event-ID` is not signed: whoever changes it can make a reader see too much or too little of what is his, never another's. */
function lastEventIdOf({ headers }: IncomingMessage): number {
  const id = headers['last-event-id']
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : 0
}

type Accepted = Pick<AcceptedRequest, 'senderId' | 'sender' | 'contentDigest'> & Partial<Pick<AcceptedRequest, 'openBody'>>

/** Whether the request is for this node, or of a relayed one for the node that its path names, from whom it says, now and once. */
async function verify(
  route: Route,
  target: SignedTarget,
  { params }: Request,
  { identity, nowMs: clock, clockSkewMs, directory, replayWindow }: MountOptions,
): Promise<RequestVerdict | RelayedVerdict | undefined> {
  if (route.metadata.access.roles[0] === 'anonymous') return undefined
  const nowMs = clock()
  const checks = {
    nowMs,
    clockSkewMs,
    findKey: (id: string) => knownKey(directory, id),
    acceptNonce: (keyId: string, nonce: string, expiresMs: number) => replayWindow.accept(`${keyId} ${nonce}`, expiresMs, nowMs),
  }
  if (route.metadata.streaming === 'relayed') return verifyRelayedRequest(target, String(params.nodeId), checks)
  return verifyRequest(target, { identity, ...checks })
}

/** The caller hears only `unauthenticated`; that his clock is wrong he hears once he has proven who he is. */
function requireAccepted(verdict: RequestVerdict | RelayedVerdict, { logger }: MountOptions): Accepted {
  if (verdict.ok) return verdict
  logger.debug('a request was refused', { reason: verdict.reason })
  throw new FlottaError(verdict.reason === 'clock_skew' || verdict.reason === 'expired' ? 'clock_skew' : 'unauthenticated')
}

/** The key of whoever is known here; one that is blocked is as good as unknown. */
async function knownKey(directory: MountOptions['directory'], id: string): Promise<KeyDocument | undefined> {
  const known = await directory.find(id)
  return known?.state === 'blocked' ? undefined : known?.key
}

/** The caller's role by what the node knows of him; a route that is not for that role does not exist for him. */
async function authorise(route: Route, verdict: Accepted, { directory }: MountOptions): Promise<Principal> {
  const known = await directory.find(verdict.senderId)
  const role = known?.state === 'active' ? known.kind : 'applicant'
  if (!route.metadata.access.roles.includes(role)) {
    if (known?.state === 'pending') throw new FlottaError('admission_pending')
    if (known?.state === 'left') throw new FlottaError('component_left')
  }
  if (!route.metadata.access.roles.includes(role)) throw new FlottaError(role === 'applicant' ? 'unauthenticated' : 'not_found')
  return { id: verdict.senderId as ComponentId, key: verdict.sender as KeyDocument, role }
}

async function bodyOf(
  route: Route,
  request: IncomingMessage,
  verdict: Accepted | undefined,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  if (route.body === undefined || streamsBody(route)) return undefined
  const bytes = await readRequestBody(request, maxBytes)
  if (verdict === undefined) return bytes
  const opened = verdict.openBody?.(bytes)
  if (opened === undefined) throw new FlottaError('unauthenticated')
  return opened
}

function answerOf(route: Route, result: unknown): Answer {
  switch (route.metadata.streaming) {
    case 'response-resource':
      return { kind: 'resource', ...(result as Omit<Extract<Answer, { kind: 'resource' }>, 'kind'>) }
    case 'response-events':
      return { kind: 'events', events: result as Extract<Answer, { kind: 'events' }>['events'] }
    case 'relayed':
      return { kind: 'relayed', ...(result as RelayedAnswer) }
    default:
      return { kind: 'json', status: successStatus(route), body: result }
  }
}
