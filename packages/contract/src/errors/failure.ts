import { z } from 'zod'
import { type ErrorCode, errorCodes } from './codes.ts'
import { isFlottaError } from './flotta-error.ts'
import { errorCodeSchema } from './problem.ts'

/**
 * Why a job failed, as data that crosses the wire.
 *
 * `message` is for the researcher: it may name features, limits and counts that the plan itself holds, never values of the data,
 * file paths, tokens or stack traces. What else is known stays in the log of the component.
 */
export const jobFailureSchema = z
  .strictObject({ code: errorCodeSchema, message: z.string().max(1000) })
  .meta({ id: 'JobFailure' })

export type JobFailure = z.infer<typeof jobFailureSchema>

/** A failure with the table's words, or with words of its own that are safe to cross the wire. */
export function jobFailure(code: ErrorCode, message?: string): JobFailure {
  return { code, message: (message ?? `${errorCodes[code].title} ${errorCodes[code].remedy}`).slice(0, 1000) }
}

/** Their words tell by which address a component reaches its node, which is nobody's business but its owner's. */
const ofTheWay: readonly ErrorCode[] = ['unavailable', 'node_mismatch', 'node_unreachable']

/**
 * A thrown value as a failure: our own errors keep code and words, but those of the way to the node, which keep the code; everything else becomes
 * `internal_error` without its message.
 */
export function failureFromUnknown(value: unknown): JobFailure {
  if (!isFlottaError(value)) return jobFailure('internal_error')
  return ofTheWay.includes(value.code) ? jobFailure(value.code) : jobFailure(value.code, value.message)
}
