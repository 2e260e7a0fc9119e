import { createHash } from 'node:crypto'
import { decodeTensors, encodeTensors, type RingVector, tensorOf } from '@flotta/algorithms'
import { FlottaError, type SecureSumJob } from '@flotta/contract'

/** A vector under a mask as it travels: its words, and of which plan it is. */
export function encodeMaskedSum(job: SecureSumJob, words: RingVector): Uint8Array {
  return encodeTensors({ description: { kind: 'MaskedSum', plan: planDigest(job) }, tensors: { words: tensorOf(words) } })
}

/** @throws {FlottaError} `invalid_resource` when it is damaged or of another plan: sums of different things are never added */
export function decodeMaskedSum(job: SecureSumJob, length: number, bytes: Uint8Array): RingVector {
  try {
    const { description, tensors } = decodeTensors(bytes)
    const { kind, plan } = (description ?? {}) as { kind?: unknown; plan?: unknown }
    const words = tensors.words?.data
    if (kind === 'MaskedSum' && plan === planDigest(job) && words instanceof BigInt64Array && words.length === length)
      return words
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
  throw new FlottaError('invalid_resource', 'What came is no masked sum of this plan.')
}

function planDigest({ estimator, query, levels }: SecureSumJob): string {
  return createHash('sha256')
    .update(JSON.stringify([estimator, query, levels]))
    .digest('hex')
}
