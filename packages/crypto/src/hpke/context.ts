import { gcmOpen, gcmSeal, sequenceNonce } from '../bytes/aes-gcm.ts'
import { exportSecret, type Schedule } from './key-schedule.ts'

/** Both ends export the same secrets. */
export interface ExporterContext {
  export(exporterContext: Uint8Array | string, length: number): Uint8Array
}

/** The sender's end: each message has the next number. */
export interface SenderContext extends ExporterContext {
  seal(aad: Uint8Array | string, plaintext: Uint8Array): Uint8Array
}

/** The recipient's end; it opens messages in the order they were sealed. A message that does not open leaves it as it was. */
export interface RecipientContext extends ExporterContext {
  open(aad: Uint8Array | string, ciphertext: Uint8Array): Uint8Array | undefined
}

export function senderContext(schedule: Schedule): SenderContext {
  let sequence = 0
  return {
    ...exporter(schedule),
    seal: (aad, plaintext) => gcmSeal(schedule.key, sequenceNonce(schedule.baseNonce, sequence++), plaintext, Buffer.from(aad)),
  }
}

export function recipientContext(schedule: Schedule): RecipientContext {
  let sequence = 0
  return {
    ...exporter(schedule),
    open(aad, ciphertext) {
      const plaintext = gcmOpen(schedule.key, sequenceNonce(schedule.baseNonce, sequence), ciphertext, Buffer.from(aad))
      if (plaintext !== undefined) sequence++
      return plaintext
    },
  }
}

/** It holds a copy of the exporter's secret alone: whoever keeps it to answer later keeps no key of the messages. */
function exporter({ exporterSecret }: Schedule): ExporterContext {
  const secret = new Uint8Array(exporterSecret)
  return { export: (context, length) => exportSecret(secret, Buffer.from(context), length) }
}
