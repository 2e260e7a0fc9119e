import type { Readable } from 'node:stream'
import type { HeldOpener, HeldVerdict } from '@flotta/crypto'

/**
 * Reads a held answer to its end.
 *
 * @param onBreath is called whenever the node was heard to hold it still; what it throws ends the reading
 */
export async function readHeldAnswer(body: Readable, opener: HeldOpener, onBreath?: () => void): Promise<HeldVerdict> {
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const taken = opener.take(chunk)
    if (taken === undefined) break
    if (taken === 'breath') onBreath?.()
  }
  return opener.open()
}
