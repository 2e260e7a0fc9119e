import type { Readable } from 'node:stream'
import { createHttpClient, type HttpClient, type HttpRequest, type Outbound, parseNodeUrl } from '@flotta/client-sdk/transport'
import { type ComponentId, FlottaError } from '@flotta/contract'
import type { ComponentDirectory } from '../component-directory.ts'
import type { RelayedAnswer } from '../http/answer.ts'
import type { SignedTarget } from '../http/signed-target.ts'

/** Longest silence of the other node: what it holds it shows more often. */
const PATIENCE_MS = 120_000
/** The only headers that pass: those of the exchange. */
const PASSING = [
  'content-type',
  'content-length',
  'content-digest',
  'signature',
  'signature-input',
  'flotta-recipient',
  'flotta-sealed',
  'flotta-key',
  'retry-after',
  'cache-control',
  'x-accel-buffering',
] as const

/** The node that passes on. */
interface RelayingNode {
  readonly id: ComponentId
  readonly directory: Pick<ComponentDirectory, 'find'>
}

export interface RelayedRequest extends SignedTarget {
  readonly body: Readable
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal
}

/**
 * Passes requests of this node's members on to other nodes, and the answers back, as they are: what is in them is signed by the client
 * and sealed to the other node, so this one learns who speaks with whom and how much, and can change nothing unnoticed.
 */
export class Relay {
  readonly #outbound: Outbound
  readonly #ways = new Map<string, HttpClient>()

  constructor(outbound: Outbound) {
    this.#outbound = outbound
  }

  /**
   * Passes on a request that a member has signed for that very node.
   *
   * @throws {FlottaError} `not_found` where no other active node has the id, `unavailable` where it does not answer
   */
  async passOn(context: RelayingNode, nodeId: ComponentId, request: RelayedRequest): Promise<RelayedAnswer> {
    const node = await context.directory.find(nodeId)
    if (node?.kind !== 'node' || node.state !== 'active' || node.url === null || nodeId === context.id)
      throw new FlottaError('not_found')
    const { status, headers, body } = await this.#wayTo(node.url).send({
      method: request.method as HttpRequest['method'],
      path: parseNodeUrl(node.url).prefix + request.path + request.query,
      headers: passing(request.headers),
      body: request.method === 'GET' ? undefined : request.body,
      signal: request.signal,
      timeoutMs: PATIENCE_MS,
    })
    return { status, headers: passing(headers), stream: body }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ways.values()].map((way) => way.close()))
  }

  #wayTo(url: string): HttpClient {
    const known = this.#ways.get(url)
    if (known !== undefined) return known
    const made = createHttpClient(parseNodeUrl(url), this.#outbound)
    this.#ways.set(url, made)
    return made
  }
}

function passing(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    PASSING.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
