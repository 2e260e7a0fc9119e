import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import {
  type ErrorCode,
  FlottaError,
  type KeyDocument,
  mediaTypes,
  parseJson,
  problemSchema,
  type ResourceId,
  type Route,
  type RouteCall,
  type RouteResponse,
  relayPath,
  routes,
  successStatus,
} from '@flotta/contract'
import { createRequest, formatContentDigest, HELD_TYPE, type Identity, type ResponseOpener } from '@flotta/crypto'
import { digestStream } from './digest-stream.ts'
import { readEventStream } from './event-stream.ts'
import { readHeldAnswer } from './held-answer.ts'
import { type HttpClient, type HttpResponse, readBody } from './http-client.ts'
import type { NodeUrl } from './node-url.ts'
import { notAuthentic, type ResponseHead } from './not-authentic.ts'
import { unreachable } from './unreachable.ts'

const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/**
 * What the node itself says without a signature: of a component that it does not know it has no key to sign for, and of what it passes
 * on to another node it can open nothing.
 */
const UNSIGNED_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unauthenticated', 'clock_skew'])

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Longest silence of the node before and within its answer; 60 s unless told, 0: any. */
  readonly timeoutMs?: number
  /** Send the own key along, for a node that doesn't know it yet. */
  readonly introduce?: boolean
  /** Called when the node shows that it holds its answer still; what it throws ends the call. */
  readonly onBreath?: () => void
}

export interface ConnectionOptions {
  readonly http: HttpClient
  readonly node: NodeUrl
  readonly nodeKey: KeyDocument
  readonly identity: Identity
  readonly nowMs: () => number
}

/**
 * The signed and sealed exchange with one node. Each method rejects with a `FlottaError`: of the node's own code where the answer
 * is authentic, `unavailable` where there was none, be it that something on the way answered in its place.
 */
export class NodeConnection {
  readonly #options: ConnectionOptions

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get nodeKey(): KeyDocument {
    return this.#options.nodeKey
  }

  /**
   * The exchange with another node, by way of this one: a relay that sees who speaks with whom, and nothing of what is said. Signed
   * and sealed is what the other node reads.
   */
  relayedTo(nodeKey: KeyDocument): NodeConnection {
    const { node } = this.#options
    const prefix = node.prefix + relayPath(nodeKey.id)
    return new NodeConnection({ ...this.#options, nodeKey, node: { ...node, prefix, text: `${nodeKey.id} behind ${node.text}` } })
  }

  /** Calls a route whose request and answer are sealed JSON, held or not. */
  async call<R extends Route>(route: R, call: Partial<RouteCall<R>>, options: CallOptions = {}): Promise<RouteResponse<R>> {
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
    const { response, opener } = await this.#send(route, call, { body }, options)
    const held = route.metadata.streaming === 'response-held' && response.headers['content-type'] === HELD_TYPE
    const opened = held ? await this.#openHeld(response, opener, options) : await this.#openJson(response, opener, options.signal)
    const parsed = route.responses[successStatus(route)]?.safeParse(opened)
    if (parsed?.success !== true)
      throw new FlottaError(
        'internal_error',
        `The node answered ${route.method} ${route.path} with something else than the contract says.`,
      )
    return parsed.data as RouteResponse<R>
  }

  /** Uploads a sealed resource from a file; `digest` is its content digest header. */
  async upload(resourceId: ResourceId, file: string, contentDigest: string, options: CallOptions = {}): Promise<void> {
    const route = routes.resource.upload
    const raw = { contentType: mediaTypes.resource, digest: contentDigest }
    const { response, opener } = await this.#send(route, { params: { resourceId } }, { raw, file }, options)
    await this.#openJson(response, opener, options.signal)
  }

  /** Downloads a sealed resource into a file; the file is complete and has the digest that the node signed, or the call rejects. */
  async download(resourceId: ResourceId, file: string, options: CallOptions = {}): Promise<void> {
    const route = routes.resource.download
    const { response, opener } = await this.#send(route, { params: { resourceId } }, {}, options)
    if (response.status !== 200) {
      await this.#openJson(response, opener, options.signal)
      throw notAuthentic(this.#options.node, response)
    }
    const head = opener.verifyHead({ status: response.status, headers: response.headers })
    if (!head.ok) throw notAuthentic(this.#options.node, response)
    const digest = digestStream()
    try {
      await pipeline(response.body, digest, createWriteStream(file, { mode: 0o600 }))
    } catch (error) {
      throw this.#brokenOff(error, options.signal)
    }
    if (digest.contentDigest() !== formatContentDigest(head.contentDigest)) {
      throw new FlottaError('unavailable', 'A resource arrived damaged; it is not used.')
    }
  }

  /** Server-sent events of a route, opened and parsed, until the node ends the stream or the signal aborts. */
  async *events<R extends Route>(
    route: R,
    call: Partial<RouteCall<R>>,
    options: CallOptions = {},
  ): AsyncGenerator<RouteResponse<R>> {
    const { response, opener } = await this.#send(route, call, {}, { ...options, timeoutMs: 0 })
    const head = response.status === 200 ? opener.verifyHead({ status: 200, headers: response.headers }) : undefined
    if (head?.ok !== true) {
      await this.#openJson(response, opener, options.signal)
      throw notAuthentic(this.#options.node, response)
    }
    const frames = opener.events()
    try {
      for await (const message of readEventStream(response.body)) {
        const opened = frames.open(message.data)
        const parsed = opened && route.responses[200]?.safeParse(parseJson(Buffer.from(opened).toString('utf8')))
        if (parsed?.success !== true) throw notAuthentic(this.#options.node, response)
        yield parsed.data as RouteResponse<R>
      }
    } catch (error) {
      throw this.#brokenOff(error, options.signal)
    } finally {
      response.body.destroy()
    }
  }

  async #send<R extends Route>(
    route: R,
    call: Partial<RouteCall<R>>,
    content: {
      readonly body?: Buffer | undefined
      readonly raw?: { contentType: string; digest: string }
      readonly file?: string
    },
    options: CallOptions,
  ): Promise<{ response: HttpResponse; opener: ResponseOpener }> {
    const { http, node, nodeKey, identity, nowMs } = this.#options
    const path = fillPath(route.path, call.params as Record<string, string> | undefined)
    const query = queryString(call.query as Record<string, unknown> | undefined)
    const signed = createRequest({
      sender: identity,
      recipient: nodeKey,
      method: route.method,
      path,
      query,
      nowMs: nowMs(),
      ...(content.body ? { body: content.body } : {}),
      ...(content.raw ? { raw: content.raw } : {}),
      ...(options.introduce ? { introduce: true } : {}),
    })
    const body = content.file === undefined ? signed.body : createReadStream(content.file)
    const { signal, timeoutMs } = options
    const response = await http.send({
      method: route.method,
      path: node.prefix + path + query,
      headers: signed.headers,
      body,
      signal,
      timeoutMs,
    })
    return { response, opener: signed.responses }
  }

  async #openJson(response: HttpResponse, opener: ResponseOpener, signal: AbortSignal | undefined): Promise<unknown> {
    const { status, headers } = response
    const body = await readBody(response.body, MAX_ANSWER_BYTES).catch((error: unknown) => {
      throw this.#brokenOff(error, signal)
    })
    const opened = opener.open({ status, headers, body })
    if (!opened.ok) throw this.#unsignedError(response, body)
    return this.#jsonOf(response, opened.body)
  }

  /** An answer that began before it was known. What ends without its end is a failure on the way; what is not the node's is not used. */
  async #openHeld(response: HttpResponse, opener: ResponseOpener, { signal, onBreath }: CallOptions): Promise<unknown> {
    const { status, headers, body } = response
    if (!opener.verifyHead({ status, headers }).ok) {
      // Nobody reads what it fails with, either.
      body.once('error', () => undefined).destroy()
      throw notAuthentic(this.#options.node, response)
    }
    const answer = await readHeldAnswer(body, opener.held(MAX_ANSWER_BYTES), onBreath).catch((error: unknown) => {
      throw this.#brokenOff(error, signal)
    })
    if (answer.ok) return this.#jsonOf({ status: answer.status, headers }, answer.body)
    if (answer.reason === 'not_sealed') throw notAuthentic(this.#options.node, response)
    throw new FlottaError('unavailable', `An answer of the node at ${this.#options.node.text} was cut off on the way.`)
  }

  /** What the node says in an authentic answer, which of a problem is its own code. */
  #jsonOf(head: ResponseHead, { buffer, byteOffset, length }: Uint8Array): unknown {
    const json = parseJson(Buffer.from(buffer, byteOffset, length).toString('utf8'))
    if (head.status < 400) return json
    const problem = problemSchema.safeParse(json)
    throw problem.success ? FlottaError.fromProblem(problem.data) : notAuthentic(this.#options.node, head)
  }

  /** An answer without the node's signature can only say that something is between, or that the node doesn't know this component. */
  #unsignedError({ status, headers }: HttpResponse, body: Buffer): FlottaError {
    const isProblem = headers['content-type']?.startsWith(mediaTypes.problem)
    const problem = isProblem ? problemSchema.safeParse(parseJson(body.toString('utf8'))) : undefined
    return problem?.success && UNSIGNED_CODES.has(problem.data.code)
      ? FlottaError.fromProblem(problem.data)
      : notAuthentic(this.#options.node, { status, headers })
  }

  /** Why an answer ended before its end: by the caller's will, by a limit of ours, or on the way. */
  #brokenOff(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason
    return error instanceof FlottaError ? error : unreachable(this.#options.node, error)
  }
}

function fillPath(path: string, params: Record<string, string> | undefined): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''))
}

function queryString(query: Record<string, unknown> | undefined): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
