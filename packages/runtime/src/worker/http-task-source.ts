import type { NodeConnection } from '@flotta/client-sdk/transport'
import { MAX_BREATH_S, type OtherNodes, routes } from '@flotta/contract'
import { Patience } from './patience.ts'
import type { TaskSource } from './task-source.ts'

/** Does something with the connection to the node that has the work. */
export type WithConnection = <T>(action: (connection: NodeConnection) => Promise<T>) => Promise<T>

/** Who wants to hear of the other nodes from the node that is asked for work. */
export interface NodesListener {
  /** The digest of those that it has heard of; empty for none. */
  readonly known: string
  heard(nodes: OtherNodes): void
}

export interface HttpTaskSourceOptions {
  readonly listener?: NodesListener
  /** How often the node shows that it holds a question, where that is known to be more often than every node does. */
  readonly breathS?: () => number
  /** Called when the node shows that it holds a question. */
  readonly heard?: () => void
}

/** Work that is asked of a node over the signed and sealed exchange, directly or by way of another node. */
export function httpTaskSource(
  withConnection: WithConnection,
  { listener, breathS = () => MAX_BREATH_S, heard }: HttpTaskSourceOptions = {},
): TaskSource {
  const patience = new Patience({ breathMs: () => breathS() * 1000, heard })
  const known = () => (listener === undefined ? {} : { nodes: listener.known })
  return {
    next: (waitS, signal) =>
      withConnection(async (connection) => {
        const answer = await patience.ask(waitS, (terms) => {
          const body = { waitS: terms.waitS, ...known() }
          return connection.call(routes.task.next, { body }, { signal, ...terms })
        })
        if (answer?.nodes !== undefined) listener?.heard(answer.nodes)
        return answer?.task ?? undefined
      }),
    renew: ({ jobId, epoch }) =>
      withConnection(async (connection) => {
        const body = { epoch, ...known() }
        const { nodes } = await connection.call(routes.task.renew, { params: { jobId }, body }, { timeoutMs: 10_000 })
        if (nodes !== undefined) listener?.heard(nodes)
      }),
    fetch: (resourceId, file, signal) =>
      withConnection((connection) => connection.download(resourceId, file, { signal, timeoutMs: 0 })),
    deliver: ({ output }, { path, contentDigest }, signal) =>
      withConnection((connection) => connection.upload(output.resourceId, path, contentDigest, { signal, timeoutMs: 0 })),
    complete: ({ jobId, epoch }, sealed, { metrics }, more) =>
      withConnection(async (connection) => {
        const product = sealed.kind === 'content' ? { product: sealed.content.toString('base64') } : {}
        const body = { epoch, digest: sealed.digest, metrics, next: more, ...product }
        const { task } = await connection.call(routes.task.complete, { params: { jobId }, body })
        return task ?? undefined
      }),
    fail: ({ jobId, epoch }, failure) =>
      withConnection(async (connection) => {
        await connection.call(routes.task.fail, { params: { jobId }, body: { epoch, failure } })
      }),
  }
}
