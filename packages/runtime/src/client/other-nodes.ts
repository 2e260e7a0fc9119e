import { FlottaError, isFlottaError, type OtherNodes as NodesOfNetwork, type OtherNode } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'
import { httpTaskSource, type NodesListener } from '../worker/http-task-source.ts'
import type { TaskSource } from '../worker/task-source.ts'
import type { WorkLoop } from '../worker/work-loop.ts'
import type { Session } from './session.ts'

/**
 * The nodes of the network besides the client's own. It hears of them from its own node, with what it asks that one anyway, and asks each of
 * them for work by way of that one: signed and sealed to the other node, so its own node passes on what it can't read, and the client is
 * reached by nobody.
 */
export class OtherNodes implements NodesListener {
  readonly #session: Session
  readonly #logger: Logger
  readonly #workFor: (nodeId: string, source: TaskSource) => WorkLoop
  readonly #loops = new Map<string, WorkLoop>()
  #known = ''
  #adjusted: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(session: Session, logger: Logger, workFor: (nodeId: string, source: TaskSource) => WorkLoop) {
    this.#session = session
    this.#logger = logger
    this.#workFor = workFor
  }

  get known(): string {
    return this.#known
  }

  heard({ digest, nodes }: NodesOfNetwork): void {
    this.#known = digest
    this.#adjusted = this.#adjusted.then(() => this.#adjust(nodes))
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#adjusted, ...[...this.#loops.values()].map((loop) => loop.stop(graceMs))])
  }

  async #adjust(nodes: readonly OtherNode[]): Promise<void> {
    const wanted = new Map<string, OtherNode>(nodes.map((node) => [node.key.id, node]))
    for (const [id, loop] of [...this.#loops]) {
      if (wanted.has(id)) continue
      this.#loops.delete(id)
      await loop.stop(0)
    }
    for (const [id, node] of wanted) {
      if (this.#loops.has(id) || this.#stopped) continue
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
