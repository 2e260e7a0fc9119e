import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Admission } from '../database.ts'

/**
 * Lets one piece of work run at a time, in the order of arrival.
 *
 * Between two of them the event loop takes a turn: the SQLite driver answers without waiting, and a row of transactions would
 * otherwise keep the process from everything else.
 */
export function oneAtATime(): Admission {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.then(nextTurn, nextTurn)
    return mine
  }
}
