import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { FlottaError, isFlottaError, type KeyDocument, type OtherNode, routes, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import { httpTaskSource } from '../worker/http-task-source.ts'
import type { TaskSource } from '../worker/task-source.ts'
import type { WorkLoop } from '../worker/work-loop.ts'
import type { Session } from './session.ts'

const WAIT_S = 50

/**
 * The nodes of the network besides the client's own. It hears of them from its own node, and asks each of them for work by way of that
 * one: signed and sealed to the other node, so its own node passes on what it can't read, and the client is reached by nobody.
 */
export class OtherNodes {
  readonly #session: Session
  readonly #logger: Logger
  readonly #workFor: (nodeId: string, source: TaskSource) => WorkLoop
  readonly #stopping = new AbortController()
  readonly #loops = new Map<string, WorkLoop>()
  #watching: Promise<void> | undefined

  constructor(session: Session, logger: Logger, workFor: (nodeId: string, source: TaskSource) => WorkLoop) {
    this.#session = session
    this.#logger = logger
    this.#workFor = workFor
  }

  start(): void {
    this.#watching ??= this.#watch()
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort()
    await Promise.all([this.#watching, ...[...this.#loops.values()].map((loop) => loop.stop(graceMs))])
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping
    let failures = 0
    let waitS = 0
    while (!signal.aborted) {
      try {
        await this.#session.standing()
        const body = { known: [...this.#loops.keys()] as KeyDocument['id'][], waitS }
        const options = { signal, timeoutMs: (waitS + 15) * 1000 }
        const { nodes } = await this.#session.call((connection) => connection.call(routes.client.otherNodes, { body }, options))
        await this.#adjust(nodes)
        waitS = WAIT_S
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        waitS = 0
        this.#logger.debug(`asking for the nodes of the network: ${toError(error).message}`)
        await sleep(backoffDelayMs(defaultBackoff, failures++, Math.random()), signal)
      }
    }
  }

  async #adjust(nodes: readonly OtherNode[]): Promise<void> {
    const wanted = new Map<string, OtherNode>(nodes.map((node) => [node.key.id, node]))
    for (const [id, loop] of [...this.#loops]) {
      if (wanted.has(id)) continue
      this.#loops.delete(id)
      await loop.stop(0)
    }
    for (const [id, node] of wanted) {
      if (this.#loops.has(id) || this.#stopping.signal.aborted) continue
      this.#logger.info('works for another node of the network too', { node: node.name, nodeId: id })
      this.#loops.set(id, this.#workFor(id, relayedSource(this.#session, node)))
    }
  }
}

/** Work of another node, by way of the client's own. */
function relayedSource(session: Session, { name, key }: OtherNode): TaskSource {
  return httpTaskSource(async (action) => {
    const { connection } = await session.standing()
    try {
      return await action(connection.relayedTo(key))
    } catch (error) {
      // Its word of this client may still be on its way to that node; the client's standing with its own node is no matter of it.
      if (isFlottaError(error, 'unauthenticated'))
        throw new FlottaError('unavailable', `The node ${name} does not know this client yet.`)
      throw error
    }
  })
}
