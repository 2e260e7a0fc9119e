import type { ComponentId } from '@flotta/contract'
import type { WakeUps } from './wake-ups.ts'

/** A question for work that is held. */
export interface Question {
  /** Whether its client has asked again since. */
  readonly superseded: boolean
  close(): void
}

/**
 * The question for work of each client that this process holds, which is one: a client that lost its power leaves one behind that the network takes
 * many minutes to give up, and the job that was handed out to it would wait for a lease to lapse. Nodes are several processes, which ask one by one.
 */
export class Questions {
  readonly #wakeUps: WakeUps
  readonly #latest = new Map<ComponentId, object>()

  constructor(wakeUps: WakeUps) {
    this.#wakeUps = wakeUps
  }

  /** A client asks; what it has asked before is woken. */
  open(client: ComponentId): Question {
    const latest = this.#latest
    const before = latest.has(client)
    const question = {
      get superseded() {
        return latest.get(client) !== question
      },
      close() {
        if (latest.get(client) === question) latest.delete(client)
      },
    }
    latest.set(client, question)
    if (before) this.#wakeUps.wake([client])
    return question
  }
}
