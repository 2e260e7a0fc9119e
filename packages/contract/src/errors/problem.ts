import { z } from 'zod'
import { type ErrorCode, errorCodes } from './codes.ts'

export const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).meta({ id: 'ErrorCode' })

/** Where in a document something is wrong, and what. */
export const issueSchema = z.strictObject({ path: z.string().max(500), message: z.string().max(500) }).meta({ id: 'Issue' })

/** The body of every answer that is not a success: a problem document (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string().max(200),
    title: z.string().max(500),
    status: z.number().int(),
    code: errorCodeSchema,
    detail: z.string().max(2000),
    retryable: z.boolean(),
    issues: z.array(issueSchema).max(100).optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457) with a code of the closed table.' })

export type Issue = z.infer<typeof issueSchema>
export type Problem = z.infer<typeof problemSchema>

/** The problem document of a code; `detail` adds what is particular to this case and never holds data values or secrets. */
export function problemOf(code: ErrorCode, detail?: string, issues?: readonly Issue[]): Problem {
  const { status, retryable, title, remedy } = errorCodes[code]
  return {
    type: `urn:flotta:problem:${code}`,
    title,
    status,
    code,
    detail: detail ?? `${title} ${remedy}`,
    retryable,
    ...(issues && issues.length > 0 ? { issues: issues.slice(0, 100) } : {}),
  }
}
