import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { FlottaError, mediaTypes, type Problem, problemOf, toError } from '@flotta/contract'
import type { ResponseSealer } from '@flotta/crypto'
import type { Logger } from '../../ports/logger.ts'
import type { Answer } from './answer.ts'

/** Sends answers of one request: in the clear where nobody is known, sealed and signed where somebody is. */
export interface Responder {
  send(answer: Answer): Promise<void>
  problem(problem: Problem): void
}

/** Answers in the clear: public routes, what another node has sealed itself, and problems of requests that could not be authenticated. */
export function plainResponder(response: ServerResponse): Responder {
  const sendJson = (status: number, contentType: string, body: unknown) =>
    end(response, status, { 'content-type': contentType }, Buffer.from(JSON.stringify(body)))
  return {
    send: async (answer) => {
      switch (answer.kind) {
        case 'json':
          return sendJson(answer.status, 'application/json', answer.body)
        case 'relayed':
          response.writeHead(answer.status, answer.headers)
          return pipeline(answer.stream, response)
        case 'resource':
        case 'events':
          throw new FlottaError('internal_error')
        default:
          return answer satisfies never
      }
    },
    problem: (problem) => {
      if (response.headersSent) response.destroy()
      else sendJson(problem.status, mediaTypes.problem, problem)
    },
  }
}

/** Answers under the seal of the request's context, bound to the request's signature. */
export function sealedResponder(response: ServerResponse, sealer: ResponseSealer): Responder {
  const sendSealed = (status: number, json: unknown) => {
    const { headers, body } = sealer.seal({ status, body: Buffer.from(JSON.stringify(json)) })
    end(response, status, headers, body)
  }
  return {
    send: async (answer) => {
      switch (answer.kind) {
        case 'json':
          return sendSealed(answer.status, answer.body)
        case 'resource':
          return sendResource(response, sealer, answer)
        case 'events':
          return sendEvents(response, sealer, answer)
        case 'relayed':
          throw new FlottaError('internal_error')
        default:
          return answer satisfies never
      }
    },
    problem: (problem) => {
      if (response.headersSent) response.destroy()
      else sendSealed(problem.status, problem)
    },
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string>, body: Uint8Array): void {
  const retry = status === 503 || status === 507 ? { 'retry-after': '2' } : {}
  response.writeHead(status, { ...headers, ...retry, 'content-length': body.length, 'cache-control': 'no-store' })
  response.end(body)
}

async function sendResource(
  response: ServerResponse,
  sealer: ResponseSealer,
  answer: Extract<Answer, { kind: 'resource' }>,
): Promise<void> {
  const digest = `sha-256=:${Buffer.from(answer.digest, 'hex').toString('base64')}:`
  const headers = sealer.sign({ status: 200, contentType: mediaTypes.resource, digest })
  response.writeHead(200, { ...headers, 'content-length': answer.bytes, 'cache-control': 'no-store' })
  await pipeline(answer.stream, response)
}

async function sendEvents(
  response: ServerResponse,
  sealer: ResponseSealer,
  { events }: Extract<Answer, { kind: 'events' }>,
): Promise<void> {
  const stream = sealer.stream()
  let started = false
  const start = () => {
    if (!started) response.writeHead(200, { ...stream.headers(200), 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    started = true
  }
  for await (const event of events) {
    start()
    const text = event === null ? ':\n\n' : `id: ${event.sequence}\ndata: ${stream.frame(Buffer.from(JSON.stringify(event)))}\n\n`
    if (!response.write(text)) await drained(response)
  }
  start()
  response.end()
}

/** Resolves when more may be written, or nothing any more; leaves no listener behind, however often a long stream waits. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}

/** Any thrown value as a problem document: our own errors keep code and words, everything else is logged and told as `internal_error`. */
export function problemFromUnknown(error: unknown, logger: Logger): Problem {
  if (error instanceof Error && error.name === 'FlottaError') {
    const known = error as FlottaError
    if (known.toProblem().status >= 500)
      logger.warn(known.message, { code: known.code, cause: String(toError(known.cause ?? '').message) })
    return known.toProblem()
  }
  logger.error('a request failed unexpectedly', { error: toError(error).stack })
  return problemOf('internal_error')
}
