import type { ErrorCode, FlottaError } from '@flotta/contract'

/** What is wrong with the standing of a component with its node, which is made anew; it says nothing of what was asked for. */
const ofStanding: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unauthenticated', 'node_mismatch', 'admission_refused'])

/** Whether a failure of an exchange says nothing of the job that it was for. */
export function passesForJob({ code, retryable }: FlottaError): boolean {
  return retryable || ofStanding.has(code)
}

/**
 * Whether a failure to bring something says nothing of what was brought. What went wrong within the node is not the product's fault
 * either: only the node's own word that it does not take it is.
 */
export function passesForProduct(error: FlottaError): boolean {
  return passesForJob(error) || error.code === 'internal_error'
}
