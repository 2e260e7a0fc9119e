import { networkKey } from '../ports/replicas.ts'
import { type NodeContext, tellReplicas } from './node-context.ts'
import { hereWord, readWord } from './replica-words.ts'

/**
 * Makes this process one with the others that serve its node, until the answer is called: it passes on what they woke, and each knows of
 * the components that speak with any of them.
 */
export function joinReplicas(context: NodeContext): () => void {
  const { store, wakeUps, directory, presence, heartbeatS } = context
  const { replicas } = store
  if (replicas === undefined) return () => undefined
  const stopListening = replicas.listen((words) => {
    if (words === undefined || words.includes(networkKey)) directory.forgetAll()
    if (words === undefined) return wakeUps.wakeAll()
    for (const text of words) {
      const word = readWord(text)
      switch (word.kind) {
        case 'woken':
          wakeUps.wake([word.key])
          break
        case 'here':
          presence.heardElsewhere(word.id)
          break
        case 'later':
          wakeUps.wakeAfter(word.id, word.delayMs)
          break
        default:
          word satisfies never
      }
    }
  })
  const telling = setInterval(() => tellReplicas(context, presence.takeNews().map(hereWord)), heartbeatS * 1000)
  return () => {
    clearInterval(telling)
    stopListening()
  }
}
