import type { ServerResponse } from 'node:http'
import { BREATH, type HeldSealer, type ResponseSealer } from '@flotta/crypto'
import type { Breaths } from './breaths.ts'
import { type Responder, sealedResponder } from './responder.ts'

const breath = Buffer.of(BREATH)

/**
 * Answers a question that may be held for long. While there is no answer, one byte now and then shows whatever is on the way that this is no
 * silence; it takes no cryptography and no look at the database. What is known before the first one is due is answered like anything else.
 */
export function heldResponder(response: ServerResponse, sealer: ResponseSealer, breaths: Breaths): Responder {
  const inTime = sealedResponder(response, sealer)
  let begun: HeldSealer | undefined
  const release = breaths.hold(() => {
    if (response.destroyed) return release()
    begun ??= begin()
    response.write(breath)
  })

  function begin(): HeldSealer {
    const held = sealer.held()
    response.writeHead(200, { ...held.headers(), 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' })
    return held
  }

  return {
    async send(answer) {
      release()
      if (begun === undefined || answer.kind !== 'json') return inTime.send(answer)
      response.end(begun.end({ status: answer.status, body: Buffer.from(JSON.stringify(answer.body)) }))
    },
    problem(problem) {
      release()
      if (begun === undefined) inTime.problem(problem)
      else response.end(begun.end({ status: problem.status, body: Buffer.from(JSON.stringify(problem)) }))
    },
  }
}
