import { connectNode } from '@flotta/client-sdk/transport'
import { type KeyDocument, routes } from '@flotta/contract'
import { generateIdentity, proveToken } from '@flotta/crypto'

/** A client that asks for work by hand. */
export async function clientByHand(
  { url, token }: { readonly url: string; readonly token: string },
  identity = generateIdentity(),
) {
  const { connection, close } = await connectNode({ url, identity })
  const proofs = [proveToken(token, { prover: identity.id, verifier: connection.nodeKey.id, purpose: 'join' })]
  await connection.call(routes.node.join, { body: { kind: 'client', name: 'by-hand', proofs } }, { introduce: true })
  return {
    identity,
    connection,
    ask: (waitS: number, nodes?: string, onBreath?: () => void) =>
      connection.call(
        routes.task.next,
        { body: { waitS, ...(nodes === undefined ? {} : { nodes }) } },
        onBreath === undefined ? {} : { onBreath },
      ),
    /** Asks, and resolves when the node has shown so many times that it holds the question, or has answered. */
    async held(waitS: number, through: KeyDocument | undefined = undefined, times = 1) {
      const way = through === undefined ? connection : connection.relayedTo(through)
      let breaths = 0
      let shown: () => void
      const isHeld = new Promise<void>((resolve) => {
        shown = resolve
      })
      const onBreath = () => {
        if (++breaths === times) shown()
      }
      const answer = way.call(routes.task.next, { body: { waitS } }, { onBreath })
      answer.catch(() => undefined)
      await Promise.race([isHeld, answer])
      return { answer, breaths: () => breaths }
    },
    [Symbol.asyncDispose]: close,
  }
}
