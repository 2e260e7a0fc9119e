import { type ComponentId, toError } from '@flotta/contract'
import { networkKey } from '../ports/replicas.ts'
import type { NodeContext } from './node-context.ts'

/** What a word begins with that says who is here; every other word is a key that was woken. */
const HERE = 'here:'

/**
 * Makes this process one with the others that serve its node, until the answer is called: it passes on what they woke, and each knows of
 * the components that speak with any of them.
 */
export function joinReplicas({ store, wakeUps, directory, presence, heartbeatS, logger }: NodeContext): () => void {
  const { replicas } = store
  if (replicas === undefined) return () => undefined
  const stopListening = replicas.listen((words) => {
    if (words === undefined || words.includes(networkKey)) directory.forgetAll()
    if (words === undefined) return wakeUps.wakeAll()
    wakeUps.wake(words)
    for (const word of words) if (word.startsWith(HERE)) presence.heardElsewhere(word.slice(HERE.length) as ComponentId)
  })
  const telling = setInterval(() => {
    replicas
      .tell(presence.takeNews().map((id) => HERE + id))
      .catch((error: unknown) => logger.debug(`the other processes of this node could not be told: ${toError(error).message}`))
  }, heartbeatS * 1000)
  return () => {
    clearInterval(telling)
    stopListening()
  }
}
